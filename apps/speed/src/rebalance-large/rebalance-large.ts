/**
 * `longtail rebalance` at ImageNet-LT's size: 1000 classes of 1280 to 5 rows, 2048 numbers each, drawn here, and 12 heads by 3
 * seeds; with nothing beside it. It takes 0.9 GB of the temporary folder for the training rows, and 0.2 GB for the test rows.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DataError } from '@longtail/core';
import { type Command, InvalidArgumentError } from 'commander';
import { comparison } from '../comparison.ts';
import { milliseconds } from '../turns/time.ts';

const LONGTAIL = fileURLToPath(new URL('cli.ts', import.meta.resolve('@longtail/benchmark')));

function share(text: string): number {
  if (!(Number(text) > 0 && Number(text) <= 1))
    throw new InvalidArgumentError('It must be a number above 0, at most 1.');
  return Number(text);
}

async function run(part: number, flags: readonly string[]): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'longtail-large-'));
  try {
    const { train, test } = await (await import('./draw.ts')).drawFiles(folder, part);
    const data = [
      train.features,
      '--labels',
      train.labels,
      '--test',
      test.features,
      '--test-labels',
      test.labels,
    ];
    const args = [LONGTAIL, 'rebalance', ...data, '--seeds', '3', ...flags];
    let code: number | null = 0;
    const ms = await milliseconds(async () => {
      const child = spawn(process.execPath, args, { stdio: 'inherit' });
      const end = (): void => void child.kill();
      process.once('SIGTERM', end);
      [code] = await once(child, 'exit');
      process.off('SIGTERM', end);
    });
    if (code !== 0) throw new DataError(`longtail rebalance ended with ${code}; what it said is above.`);
    console.log(`${(ms / 1000).toFixed(0)} s with the start of the process`);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

export const rebalanceLarge: Command = comparison('rebalance-large', {
  what: 'longtail rebalance on 121,000 rows, alone',
  takes: '1 h',
})
  .argument('[share]', 'of the rows of each class, above 0 to 1', share, 1)
  .argument('[flags...]', 'of longtail rebalance, after --')
  .action(run);
