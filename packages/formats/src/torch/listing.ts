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

interface Listing {
  readonly arrays: StoredArray[];
  readonly metadata: Record<string, string>;
}
interface Walk extends Listing, Bounds {
  readonly source: Source;
  readonly checkpoint: Checkpoint;
  readonly ancestors: Set<Value>;
  /** Lists of numbers that are arrays already. */
  readonly numbers: Map<Value, StoredArray | undefined>;
}

/** @throws DataError when a tensor does not fit its storage, or there is more than memory is meant for */
export async function listed(source: Source, checkpoint: Checkpoint): Promise<Listing> {
  const listing = { arrays: [], metadata: Object.create(null) as Record<string, string> };
  const walk: Walk = {
    ...listing,
    source,
    checkpoint,
    ancestors: new Set(),
    numbers: new Map(),
    ...boundsOf(source),
  };
  await visit(walk, '', checkpoint.root);
  return { arrays: listing.arrays, metadata: { ...listing.metadata } };
}

async function visit(walk: Walk, name: string, value: Value, depth = 0): Promise<void> {
  walk.spend(1);
  const { ancestors, arrays, metadata } = walk;
  if (value === null || ancestors.has(value)) return;
  if (typeof value === 'string') metadata[walk.named(name)] = value;
  else if (hasKind(value, 'global')) metadata[walk.named(name)] = value.name.replace(' ', '.');
  else {
    const array = await leaf(walk, name, value);
    const children = array ? [] : childrenOf(value);
    if (array) arrays.push({ ...array, name: walk.named(name) });
    else if (!children || depth === MAX_DEPTH) arrays.push(noNumbers(walk.source, walk.named(name), value));
    ancestors.add(value);
    if (depth < MAX_DEPTH)
      for (const [part, child] of children ?? [])
        await visit(walk, name === '' ? part : `${name}.${part}`, child, depth + 1);
    ancestors.delete(value);
  }
}

/** What is an array by itself; undefined for what holds others, and what is none. */
async function leaf(walk: Walk, name: string, value: Value): Promise<StoredArray | undefined> {
  const { checkpoint, source, numbers } = walk;
  if (hasKind(value, 'tensor')) return storedTensor(walk, name, value);
  if (hasKind(value, 'storage')) return storedTensor(walk, name, whole(value));
  if (hasKind(value, 'ndarray')) return storedNdarray(checkpoint.pickle, name, value);
  if (!hasKind(value, 'list') && !hasKind(value, 'tuple'))
    return arrayOfNumbers([value], { name, shape: [], path: source.path });
  const { items } = value;
  if (!numbers.has(value)) {
    walk.spend(items.length);
    const shape = [items.length];
    numbers.set(
      value,
      items.length > 0 ? arrayOfNumbers(items, { name, shape, path: source.path }) : undefined,
    );
  }
  return numbers.get(value);
}

const whole = (storage: Storage): Tensor => ({
  ...{ kind: 'tensor', storage, type: storage.type, offset: 0 },
  ...{ shape: [storage.length], strides: [1] },
});

async function storedTensor({ checkpoint }: Walk, name: string, tensor: Tensor): Promise<StoredArray> {
  const { storage, type, shape, strides } = tensor;
  const place = await checkpoint.place(storage);
  const start = place.start + storage.offset * storage.type.bytes;
  const end = Math.min(place.end, start + storage.length * storage.type.bytes);
  const { bigEndian } = checkpoint;
  return checkExtent(
    {
      ...{ name, shape, strides, typeName: type.name, source: place.source },
      type: type.dtype && elementType(type.dtype, { bigEndian }),
      offset: start + tensor.offset * type.bytes,
    },
    { end },
  );
}
