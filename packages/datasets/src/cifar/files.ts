/** The files of CIFAR: from the archive as it was fetched, or from the folder that it unpacks to. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { checkOneOf, DataError } from '@longtail/core';
import { t as listTar } from 'tar';
import { expectPath } from '../arguments.ts';
import { type CifarName, LAYOUTS, type Layout } from './layouts.ts';

/** The largest is CIFAR-100's train, 155 MB. */
const MOST_BYTES = 160_000_000;

export interface Found {
  readonly layout: Layout;
  /** Folder or archive. */
  readonly path: string;
}

/**
 * @param data a folder with an archive or what it unpacks to, or the archive itself
 * @throws InputError for another name
 * @returns the first that is there: unpacked before packed, binary before python
 */
export function findCifar(name: CifarName, data: string): Found | undefined {
  checkOneOf({ name }, Object.keys(LAYOUTS));
  expectPath('data', data);
  const layouts = LAYOUTS[name];
  const places = (layout: Layout): [path: string, isThere: boolean][] => [
    [data, existsSync(join(data, layout.train[0]!)) && existsSync(join(data, layout.test[0]!))],
    [join(data, layout.folder), existsSync(join(data, layout.folder))],
    [join(data, layout.archive), existsSync(join(data, layout.archive))],
    [data, basename(data) === layout.archive && existsSync(data)],
  ];
  for (const layout of layouts)
    for (const [path, isThere] of places(layout)) if (isThere) return { layout, path };
  return undefined;
}

/** The archive that {@link findCifar} finds, with its published MD5; none where it was unpacked. */
export function cifarArchives(name: CifarName, data: string): { path: string; md5: string }[] {
  const found = findCifar(name, data);
  const isPacked = found && basename(found.path) === found.layout.archive;
  return isPacked ? [{ path: found.path, md5: found.layout.md5 }] : [];
}

async function fromArchive(archive: string, wanted: ReadonlySet<string>): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  const pending: Promise<unknown>[] = [];
  try {
    await listTar({
      file: archive,
      strict: true,
      onReadEntry(entry) {
        const path = entry.path.replace(/^\.\//, '');
        if (!wanted.has(path) || entry.size > MOST_BYTES) return void entry.resume();
        pending.push(entry.concat().then((bytes) => files.set(basename(path), bytes)));
      },
    });
    await Promise.all(pending);
  } catch (cause) {
    throw new DataError(
      `expected a whole tar.gz of CIFAR in ${archive}, but reading it failed (${(cause as Error).message}); fetch it again.`,
      { archive },
      { cause },
    );
  }
  return files;
}

/**
 * The named files.
 *
 * @throws DataError when one is missing, or the archive is cut short
 */
export async function cifarFiles({ layout, path }: Found): Promise<(name: string) => Uint8Array> {
  const names = [...layout.train, ...layout.test];
  const packed = basename(path) === layout.archive;
  const files = packed
    ? await fromArchive(path, new Set(names.map((name) => `${layout.folder}/${name}`)))
    : new Map<string, Uint8Array>();
  if (!packed)
    for (const name of names)
      if (existsSync(join(path, name))) files.set(name, await readFile(join(path, name)));
  return (name) => {
    const bytes = files.get(name);
    if (bytes) return bytes;
    throw new DataError(`expected ${name} in ${path}, but it is not there; fetch ${layout.archive} again.`, {
      path,
      name,
    });
  };
}
