/** What comes after a loader is run: its threads at rest must not let the process end while they are waited for. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, expect, it } from 'vitest';
import { WAYS } from './loaders.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-loaders-'));
const picture = join(folder, 'picture.ppm');
writeFileSync(picture, 'P3 2 2 255 1 2 3 4 5 6 7 8 9 10 11 12');
afterAll(() => rmSync(folder, { recursive: true }));

it.each(Object.keys(WAYS))('a process comes to its end after %s', async (way) => {
  const program = fileURLToPath(new URL('./loaders.ts', import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [program, way, picture]);
  expect(stdout).toBe('the end\n');
});
