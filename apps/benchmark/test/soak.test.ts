/** Training holds no more after many steps than after a few: thirty small ones here, a thousand by `pnpm soak`. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { torchLibrary } from '@longtail/test-support';
import { describe, expect, it } from 'vitest';

describe.skipIf(!torchLibrary())('steps of ResNet-10', () => {
  it('hold as many tensors and handles as before, and no more memory', async () => {
    const program = ['--expose-gc', join(import.meta.dirname, 'soak-program.ts'), '30', '64'];
    const { stdout } = await promisify(execFile)(process.execPath, program);
    expect(stdout.trim().split('\n').length).toBe(10);
  }, 300_000);
});
