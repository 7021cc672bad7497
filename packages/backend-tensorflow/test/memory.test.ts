/** Memory in loops that never let the event loop turn, in a process of their own. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { tensorflowFolders } from '@longtail/test-support';
import { expect, it } from 'vitest';

const folders = tensorflowFolders();

it.skipIf(!folders)(
  'memory does not grow by what each call leaves behind',
  { timeout: 120_000 },
  async () => {
    const program = [join(import.meta.dirname, 'memory-program.ts'), folders!.library, folders!.javascript];
    const { stdout } = await promisify(execFile)(process.execPath, program);
    const lines = stdout.trim().split('\n');
    const grown = lines.map((line): [string, number] => JSON.parse(line));
    expect(grown.map(([name]) => name)).toEqual(['strings', 'tensors of values', 'scalars']);
    // With 5 to 7 KB left behind by each of 12,000 calls it would be 60 to 90 MB; a heap breathes by a few.
    for (const [name, megabytes] of grown) expect(megabytes, `MB, ${name}`).toBeLessThan(30);
  },
);
