/** The JPEGs of a folder as a set of one class. */
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Dataset, decode } from '@longtail/datasets';

export function photos(folder: string): Dataset {
  const paths = readdirSync(folder)
    .filter((name) => /\.jpe?g$/i.test(name))
    .sort()
    .map((name) => join(folder, name));
  return {
    name: 'photos',
    length: paths.length,
    labels: new Int32Array(paths.length),
    classNames: ['photo'],
    file: (index) => ({ path: paths[index]! }),
    read: async (index) => decode(await readFile(paths[index]!), { source: paths[index]! }),
  };
}
