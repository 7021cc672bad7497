/** Whether two manifests are of one store, and whether a store is whole. */
import { DataError, UsageError } from '@longtail/core';
import { differences, type Parts } from '../run-stamp.ts';
import { plannedOf, type StoreManifest } from './manifest.ts';

/** All that the bytes of the shards depend on, by names that people read. */
function identityOf({ of, dim, dtype, shardRows, classNames, splits }: StoreManifest): Parts {
  const ofSplits = splits.flatMap(({ name, ...split }) =>
    Object.entries(split).map(([key, value]) => [`${name} ${key}`, value]),
  );
  return {
    ...of,
    ...{ dim, dtype, shardRows, classes: classNames.length },
    splits: splits.map(({ name }) => name).join(','),
    ...Object.fromEntries(ofSplits),
  };
}

const partText = ({ part }: StoreManifest): string => (part ? `${part.index}/${part.of}` : 'none');

const lacking = (there: Parts, asked: Parts): string[] =>
  Object.keys(there)
    .filter((key) => !Object.hasOwn(asked, key))
    .map((key) => `${key} ${there[key]} there, none asked for`);

/** What differs, in words. */
function storeDifferences(
  there: StoreManifest,
  asked: StoreManifest,
  { parts = false }: { parts?: boolean } = {},
): string[] {
  const ofPart = (one: StoreManifest): Parts => (parts ? {} : { shard: partText(one) });
  const [a, b] = [there, asked].map((one): Parts => ({ ...identityOf(one), ...ofPart(one) })) as [
    Parts,
    Parts,
  ];
  const found = [...differences(a, b), ...lacking(a, b)];
  const c = there.classNames.findIndex((name, i) => name !== asked.classNames[i]);
  if (found.length === 0 && c >= 0)
    found.push(`class ${c} ${there.classNames[c]} there, ${asked.classNames[c]} asked for`);
  return found;
}

/**
 * @param options.parts whether they may be different parts of one store
 * @throws UsageError naming what differs between what a folder holds and what is asked for
 */
export function expectSameStore(
  folder: string,
  { there, asked }: { there: StoreManifest; asked: StoreManifest },
  options: { parts?: boolean } = {},
): void {
  const found = storeDifferences(there, asked, options);
  if (found.length === 0) return;
  throw new UsageError(
    `${folder} is a store of something else: ${found.join('; ')}. Ask for what it is of, or name another folder.`,
    { folder },
  );
}

/** @throws DataError naming the first shard that is not there */
export function expectWhole(
  folder: string,
  manifest: StoreManifest,
  { mend = 'run the same command again, which goes on there' }: { mend?: string } = {},
): void {
  const written = new Set(manifest.shards.map(({ file }) => file));
  const all = plannedOf(manifest);
  const missing = all.filter(({ file }) => !written.has(file));
  if (missing.length === 0) return;
  const { part } = manifest;
  const remedy = part
    ? `it is the part ${partText(manifest)}: put the parts together by "longtail features merge"`
    : mend;
  throw new DataError(
    `expected a whole store in ${folder}, but ${missing.length} of ${all.length} shards are missing, the first of them ${missing[0]!.file}; ${remedy}.`,
    { folder, shard: missing[0]!.file },
  );
}
