/**
 * What torch.save wrote before 1.6, and still does on demand (torch/serialization.py, _legacy_load): five pickles, which
 * are a magic number, the protocol's version, the writer's system, the object and the keys of its storages; then of each
 * storage the number of its elements as int64, and the elements, little-endian on every system.
 */
import { DataError } from '@longtail/core';
import { uint64 } from '../bytes.ts';
import type { Dialect } from '../pickle/dialect.ts';
import { unpickle } from '../pickle/unpickle.ts';
import { hasKind, kindOf, type Storage, type Value } from '../pickle/values.ts';
import type { Source } from '../source.ts';
import type { Checkpoint, Place } from './checkpoint.ts';
import { TORCH } from './names.ts';

const MAGIC = 0x1950a86a20f9469cfc6cn;
const VERSION = 1001;
const COUNT = 8;

/** @throws DataError when it is another pickle, or a storage is not all there */
export async function legacyCheckpoint(source: Source): Promise<Checkpoint> {
  const magic = await unpickle(source, TORCH);
  if (magic.root !== MAGIC)
    throw refused(
      source,
      0,
      `a pickle of ${kindOf(magic.root)} is there, which torch.save did not write; read it with \`format: 'pickle'\``,
    );
  const version = await unpickle(source, TORCH, { start: magic.end });
  if (version.root !== VERSION)
    throw refused(source, magic.end, `its version is ${kindOf(version.root)} other than ${VERSION}`);
  const system = await unpickle(source, TORCH, { start: version.end });
  const storages = new Map<string, Storage>();
  const object = await unpickle(source, noting(storages), { start: system.end });
  const keys = await unpickle(source, TORCH, { start: object.end });
  const places = await placesOf(source, { keys: keys.root, at: keys.end, storages });
  return {
    root: object.root,
    pickle: source,
    bigEndian: false,
    async place({ key }) {
      const place = places.get(key);
      if (place) return place;
      throw refused(source, object.end, `there is no storage "${key.slice(0, 80)}"`);
    },
  };
}

/** The first mention of a storage tells the size of its elements. */
const noting = (storages: Map<string, Storage>): Dialect => ({
  ...TORCH,
  persistent(id, reading) {
    const value = TORCH.persistent!(id, reading);
    if (hasKind(value, 'storage') && !storages.has(value.key)) storages.set(value.key, value);
    return value;
  },
});

async function placesOf(
  source: Source,
  { keys, at: first, storages }: { keys: Value; at: number; storages: ReadonlyMap<string, Storage> },
): Promise<ReadonlyMap<string, Place>> {
  const places = new Map<string, Place>();
  let at = first;
  for (const key of hasKind(keys, 'list') ? keys.items : []) {
    const storage = typeof key === 'string' ? storages.get(key) : undefined;
    if (!storage) throw refused(source, first, 'a storage follows that no tensor refers to');
    const count = at + COUNT <= source.size ? uint64(await source.read(at, COUNT)) : Number.NaN;
    const [start, end] = [at + COUNT, at + COUNT + count * storage.type.bytes];
    if (!(end <= source.size))
      throw refused(
        source,
        at,
        `a storage of ${count} elements is to follow, and the file ends at byte ${source.size}`,
      );
    places.set(storage.key, { source, start, end });
    at = end;
  }
  return places;
}

function refused({ path }: Source, offset: number, found: string): DataError {
  return new DataError(`${path}: expected a checkpoint of torch.save, but at byte ${offset} ${found}.`, {
    path,
    offset,
  });
}
