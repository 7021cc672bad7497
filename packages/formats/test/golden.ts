/** The files of golden/feature_files.py, and what they hold. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const folder = join(import.meta.dirname, 'golden/features');
const parsed = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'));

/** float32 [40, 6] and int32 [40]. */
export const FEATURES: Float32Array = Float32Array.from(parsed.features);
export const LABELS: Int32Array = Int32Array.from(parsed.labels);

export const golden = (name: string): string => join(folder, name);
