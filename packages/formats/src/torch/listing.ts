/**
 * The arrays of a checkpoint by name: keys and positions on the way to each, joined by dots. Numbers are arrays, text is
 * metadata, and None is nothing. Objects may share and contain one another, so the walk is bounded.
 */
import { elementType } from '../element-type.ts';
import { noNumbers, storedNdarray } from '../pickle/arrays.ts';
import { arrayOfNumbers } from '../pickle/numbers.ts';
import { hasKind, type Storage, type Tensor, type Value } from '../pickle/values.ts';
import type { Source } from '../source.ts';
import { checkExtent, type StoredArray } from '../stored-array.ts';
import { type Bounds, boundsOf } from './bounds.ts';
import type { Checkpoint } from './checkpoint.ts';
import { childrenOf } from './children.ts';

const MAX_DEPTH = 64;

interface Walk extends Bounds {
  readonly source: Source;
  readonly checkpoint: Checkpoint;
  readonly found: (StoredArray | (Tensor & { readonly name: string }))[];
  readonly metadata: Map<string, string>;
  readonly ancestors: Set<Value>;
  /** Lists of numbers that are arrays already. */
  readonly numbers: Map<Value, StoredArray | undefined>;
}

/** @throws DataError when a tensor does not fit its storage, or there is more than memory is meant for */
export async function contentsOf(
  source: Source,
  checkpoint: Checkpoint,
): Promise<{ arrays: StoredArray[]; metadata: Readonly<Record<string, string>> }> {
  const walk: Walk = {
    ...{ source, checkpoint, found: [], metadata: new Map(), ancestors: new Set(), numbers: new Map() },
    ...boundsOf(source),
  };
  visit(walk, '', checkpoint.root);
  const arrays: StoredArray[] = [];
  for (const array of walk.found)
    arrays.push('kind' in array ? await storedTensor(checkpoint, array) : array);
  return { arrays, metadata: Object.fromEntries(walk.metadata) };
}

function visit(walk: Walk, name: string, value: Value, depth = 0): void {
  walk.visited();
  const { ancestors, found, metadata } = walk;
  if (value === null || ancestors.has(value)) return;
  if (typeof value === 'string') metadata.set(walk.named(name), value);
  else if (hasKind(value, 'global')) metadata.set(walk.named(name), value.name.replace(' ', '.'));
  else {
    const array = arrayOf(walk, value);
    const children = array || depth === MAX_DEPTH ? undefined : childrenOf(value);
    if (!children) found.push({ ...(array ?? noNumbers(walk.source, '', value)), name: walk.named(name) });
    ancestors.add(value);
    for (const [part, child] of children ?? [])
      visit(walk, name === '' ? part : `${name}.${part}`, child, depth + 1);
    ancestors.delete(value);
  }
}

/** What is an array by itself; undefined for what holds others, and what is none. */
function arrayOf(walk: Walk, value: Value): StoredArray | Tensor | undefined {
  const { checkpoint, source, numbers } = walk;
  if (hasKind(value, 'tensor')) return value;
  if (hasKind(value, 'storage')) return whole(value);
  if (hasKind(value, 'ndarray')) return storedNdarray(checkpoint.pickle, '', value);
  const { path } = source;
  if (!hasKind(value, 'list') && !hasKind(value, 'tuple'))
    return arrayOfNumbers([value], { name: '', shape: [], path });
  const { items } = value;
  if (items.length > 0 && !numbers.has(value))
    numbers.set(value, arrayOfNumbers(items, { name: '', shape: [items.length], path }));
  return numbers.get(value);
}

const whole = (storage: Storage): Tensor => ({
  ...{ kind: 'tensor', storage, type: storage.type, offset: 0 },
  ...{ shape: [storage.length], strides: [1] },
});

async function storedTensor(
  checkpoint: Checkpoint,
  { name, storage, type, shape, strides, offset }: Tensor & { readonly name: string },
): Promise<StoredArray> {
  const place = await checkpoint.place(storage);
  const start = place.start + storage.offset * storage.type.bytes;
  const end = Math.min(place.end, start + storage.length * storage.type.bytes);
  const { bigEndian } = checkpoint;
  return checkExtent(
    {
      ...{ name, shape, strides, typeName: type.name, source: place.source },
      type: type.dtype && elementType(type.dtype, { bigEndian }),
      offset: start + offset * type.bytes,
    },
    { end },
  );
}
