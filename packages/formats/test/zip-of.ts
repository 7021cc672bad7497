/** A .npz of arrays, stored as they are; the CRC-32 is left 0, because readers by range do not look at it. */
import { encodeNpy, type NamedArray } from '../src/index.ts';

function fields(...values: [bytes: 2 | 4, value: number][]): Buffer {
  return Buffer.concat(
    values.map(([bytes, value]) => {
      const field = Buffer.alloc(4);
      field.writeUInt32LE(value);
      return field.subarray(0, bytes);
    }),
  );
}

export function zipOf(arrays: Readonly<Record<string, NamedArray>>): Buffer {
  const [members, directory]: [Buffer[], Buffer[]] = [[], []];
  let at = 0;
  for (const [key, array] of Object.entries(arrays)) {
    const [name, npy] = [Buffer.from(`${key}.npy`), Buffer.from(encodeNpy(array))];
    const about = fields(
      [2, 0],
      [2, 0],
      [4, 0],
      [4, 0],
      [4, npy.length],
      [4, npy.length],
      [2, name.length],
      [2, 0],
    );
    members.push(fields([4, 0x04034b50], [2, 20]), about, name, npy);
    const rest = fields([2, 0], [2, 0], [2, 0], [4, 0], [4, at]);
    directory.push(fields([4, 0x02014b50], [2, 20], [2, 20]), about, rest, name);
    at += 6 + about.length + name.length + npy.length;
  }
  const [central, count] = [Buffer.concat(directory), members.length / 4];
  const end = fields([4, 0x06054b50], [4, 0], [2, count], [2, count], [4, central.length], [4, at], [2, 0]);
  return Buffer.concat([...members, central, end]);
}
