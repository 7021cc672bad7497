/** Stages that run again let a large step fit: a small one here, ResNet-152 at batch 64 by `pnpm step-memory`. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { torchLibrary } from '@longtail/test-support';
import { describe, expect, it } from 'vitest';

const program = join(import.meta.dirname, 'step-memory-program.ts');
const step = async (...args: string[]) =>
  JSON.parse((await promisify(execFile)(process.execPath, [program, ...args])).stdout);

describe.skipIf(!torchLibrary())('a step of a network of 54 blocks, in a process of its own', () => {
  it('gives the same loss in less memory where stages run again, and more than a bound fails', async () => {
    const plain = await step('cifar-resnet-110', '64', '32', 'plain');
    const again = await step('cifar-resnet-110', '64', '32', 'checkpointed');
    expect(again.loss).toBe(plain.loss);
    // 0.57 and 1.0 GB, of which some 0.3 are the process and the library in either.
    expect(again.peak).toBeLessThan(0.75 * plain.peak);
    await expect(step('resnet-10', '2', '64', 'plain', '0.05')).rejects.toMatchObject({ code: 1 });
  }, 300_000);
});
