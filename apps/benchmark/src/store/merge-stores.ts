/** Parts of a store, extracted one by one, put together: to the bytes of one extraction. */
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { DataError, UsageError } from '@longtail/core';
import { writeWhole } from '@longtail/formats/whole-file';
import { isStore, readManifest, type StoredShard, type StoreManifest, writeManifest } from './manifest.ts';
import { expectSameStore, expectWhole } from './same-store.ts';
import { damageOf } from './write-shard.ts';

interface Found extends StoredShard {
  readonly folder: string;
}

/** @throws DataError where two parts hold different shards of one name */
function gathered(parts: readonly { folder: string; manifest: StoreManifest }[]): Map<string, Found> {
  const all = new Map<string, Found>();
  for (const { folder, manifest } of parts)
    for (const shard of manifest.shards) {
      const before = all.get(shard.file);
      if (before && before.sha256 !== shard.sha256)
        throw new DataError(
          `expected one shard ${shard.file}, but those of ${before.folder} and ${folder} differ; leave one of the parts out.`,
          { shard: shard.file },
        );
      if (!before) all.set(shard.file, { ...shard, folder });
    }
  return all;
}

/**
 * @param out the folder of the store to write; shards that are there and whole stay
 * @param folders of the parts, in any order
 * @throws UsageError naming what differs where the parts, or what `out` holds, are of different stores; DataError naming the shard that
 *   is missing, damaged, or there in two ways. The manifest is written last
 */
export async function mergeStores(out: string, folders: readonly string[]): Promise<StoreManifest> {
  const [first, ...others] = await Promise.all(
    folders.map(async (folder) => ({ folder, manifest: await readManifest(folder) })),
  );
  if (!first) throw new UsageError('features merge takes the folders of parts, but got none.');
  for (const { folder, manifest } of others)
    expectSameStore(folder, { there: manifest, asked: first.manifest }, { parts: true });
  const { part: _, ...plan } = first.manifest;
  const found = gathered([first, ...others]);
  const whole: StoreManifest = { ...plan, shards: [...found.values()].map(({ folder, ...shard }) => shard) };
  const known = new Set(found.keys());
  expectWhole(folders.join(', '), whole, {
    mend: 'name the parts that hold them, or extract those to their end',
  });
  if (isStore(out)) expectSameStore(out, { there: await readManifest(out), asked: whole });
  for (const file of known) {
    const { folder, ...shard } = found.get(file)!;
    if ((await damageOf(out, shard)) === undefined) continue;
    const damage = await damageOf(folder, shard);
    if (damage !== undefined)
      throw new DataError(
        `expected the shard ${file} of ${folder} as it was written, but ${damage}; extract that part again, which makes this shard anew.`,
        { folder, shard: file },
      );
    await writeWhole(join(out, file), createReadStream(join(folder, file)));
  }
  await writeManifest(out, whole);
  return readManifest(out);
}
