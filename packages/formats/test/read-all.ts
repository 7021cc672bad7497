/** What the damaged files meet: everything of a file is read, in ranges, and closed. */
import { LongtailError } from '@longtail/core';
import { type FeatureOptions, type OpenOptions, openArrays, openFeatures } from '../src/index.ts';

const MANY = 2 ** 20;

export async function readAll(path: string, options: FeatureOptions = {}): Promise<void> {
  const set = await openFeatures(path, options);
  try {
    await set.rows(0, Math.min(3, set.length));
    await set.rows(Math.max(0, set.length - 3), set.length);
    if (set.length * set.dim < MANY) await set.rows(0, set.length);
  } finally {
    await set.close();
  }
}

/** Every column of a table; one that is refused does not keep from the others. */
export async function readColumns(path: string, options: OpenOptions = {}): Promise<void> {
  const file = await openArrays(path, options);
  try {
    for (const { name, dtype, shape } of file.arrays) {
      const end = Math.min(shape[0]!, Math.floor(MANY / (shape[1] ?? 1)));
      await (dtype ? file.read(name, { end }) : file.readTexts(name, { end })).catch((error) => {
        if (!(error instanceof LongtailError && error.message.includes(path))) throw error;
      });
    }
  } finally {
    await file.close();
  }
}
