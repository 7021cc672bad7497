/** Files of a test, in a folder that is removed after it. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { type FeatureOptions, type FeatureSet, openFeatures, type SourceLike } from '../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-formats-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** @returns the path of a file of these bytes */
export function written(name: string, bytes: string | Uint8Array): string {
  writeFileSync(join(folder, name), bytes);
  return join(folder, name);
}

export interface Opened extends Pick<FeatureSet, 'dim' | 'notes'> {
  readonly rows: number[];
  readonly labels: number[] | undefined;
  readonly classNames: readonly string[] | undefined;
}

/** Everything of a file of features, as plain arrays. */
export async function opened(path: SourceLike, options: FeatureOptions = {}): Promise<Opened> {
  const set = await openFeatures(path, options);
  try {
    const rows = [...(await set.rows(0, set.length))];
    const labels = set.labels && [...set.labels];
    return { rows, labels, dim: set.dim, classNames: set.classNames, notes: set.notes };
  } finally {
    await set.close();
  }
}
