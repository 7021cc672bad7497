/**
 * The zip that torch.save writes since 1.6 (torch/serialization.py, caffe2/serialize/inline_container.h): in one folder
 * data.pkl, byteorder, version, and the bytes of each storage as data/<key>.
 */
import { DataError } from '@longtail/core';
import { latin1 } from '../bytes.ts';
import { unpickle } from '../pickle/unpickle.ts';
import type { Storage } from '../pickle/values.ts';
import type { Source } from '../source.ts';
import { type Member, openZip, type Zip } from '../zip/read.ts';
import type { Checkpoint } from './checkpoint.ts';
import { TORCH } from './names.ts';

const ROOT = /^([^/]+\/)?data\.pkl$/;

/** @throws DataError when it is another zip, or a program of TorchScript */
export async function zipCheckpoint(source: Source): Promise<Checkpoint> {
  const zip = await openZip(source);
  const folder = folderOf(source, zip);
  const pickle = await zip.member(`${folder}data.pkl`);
  const { root } = await unpickle(pickle.source, TORCH, pickle);
  const members = new Map<string, Promise<Member>>();
  return {
    root,
    pickle: pickle.source,
    bigEndian: (await byteOrder(source, zip, folder)) === 'big',
    async place({ key }: Storage) {
      const name = `${folder}data/${key}`;
      if (!members.has(name)) members.set(name, zip.member(name));
      return members.get(name)!;
    },
  };
}

function folderOf({ path }: Source, { names }: Zip): string {
  const name = names.find((name) => ROOT.test(name));
  const refused = (found: string) =>
    new DataError(`${path}: expected a checkpoint of torch.save, but the zip ${found}.`, { path });
  if (name === undefined)
    throw refused('has no data.pkl in it; if it holds the file, extract it, else name its `format`');
  const folder = name.slice(0, -'data.pkl'.length);
  if (names.includes(`${folder}constants.pkl`))
    throw refused(
      'is a program of TorchScript; in Python, write its weights with torch.save(torch.jit.load(path).state_dict(), path)',
    );
  return folder;
}

async function byteOrder({ path }: Source, zip: Zip, folder: string): Promise<string> {
  const name = `${folder}byteorder`;
  if (!zip.names.includes(name)) return 'little'; // before 2.1
  const { source, start, end } = await zip.member(name);
  const order = latin1(await source.read(start, Math.min(end - start, 8)));
  if (order === 'little' || order === 'big') return order;
  throw new DataError(
    `${path}: expected "little" or "big" in ${name}, but it is ${JSON.stringify(order)}; write it again with torch.save.`,
    { path },
  );
}
