/** A folder for a cluster, which ends with the test; where Slurm is not installed, the test is skipped and the reason printed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished, type TestContext } from 'vitest';
import { noSlurm, stopCluster } from './cluster.ts';

export function folderOrSkip(context: TestContext): string {
  const reason = noSlurm();
  if (reason) {
    console.warn(`skipped "${context.task.name}": ${reason}`);
    context.skip(reason);
  }
  const folder = mkdtempSync(join(tmpdir(), 'longtail-slurm-'));
  onTestFinished(async () => {
    await stopCluster(folder);
    rmSync(folder, { recursive: true });
  });
  return folder;
}
