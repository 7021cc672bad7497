/** What the damaged files meet: everything of a feature file is read, in ranges, and closed. */
import { type FeatureOptions, openFeatures } from '../src/index.ts';

export async function readAll(path: string, options: FeatureOptions = {}): Promise<void> {
  const set = await openFeatures(path, options);
  try {
    await set.rows(0, Math.min(3, set.length));
    await set.rows(Math.max(0, set.length - 3), set.length);
    if (set.length * set.dim < 2 ** 20) await set.rows(0, set.length);
  } finally {
    await set.close();
  }
}
