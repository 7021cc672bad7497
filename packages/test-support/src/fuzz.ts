/**
 * Long differential tests of both native backends: `pnpm fuzz`, or `LONGTAIL_FUZZ_RUNS=5000 pnpm fuzz torch`.
 * LONGTAIL_FUZZ_SEED repeats what an earlier call has printed.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const { LONGTAIL_FUZZ_RUNS = '1000', LONGTAIL_FUZZ_SEED = String(Math.floor(Math.random() * 2 ** 31)) } =
  process.env;
const named = process.argv.slice(2);

for (const backend of named.length > 0 ? named : ['torch', 'tensorflow']) {
  console.info(
    `LONGTAIL_FUZZ_RUNS=${LONGTAIL_FUZZ_RUNS} LONGTAIL_FUZZ_SEED=${LONGTAIL_FUZZ_SEED} pnpm fuzz ${backend}`,
  );
  const { status } = spawnSync('pnpm', ['exec', 'vitest', 'run', 'test/differential.test.ts'], {
    cwd: join(import.meta.dirname, `../../backend-${backend}`),
    env: { ...process.env, LONGTAIL_FUZZ_RUNS, LONGTAIL_FUZZ_SEED },
    stdio: 'inherit',
  });
  if (status !== 0) process.exitCode = 1;
}
