/**
 * Long runs of the tests that draw their inputs: both native backends against tfjs (`torch`, `tensorflow`), every
 * parser on damaged files (`parsers`), and runs that are killed at drawn moments (`runs`). `pnpm fuzz`, or
 * `LONGTAIL_FUZZ_RUNS=5000 pnpm fuzz torch`. LONGTAIL_FUZZ_SEED repeats what an earlier call has printed.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** A vitest filter picks the files: the parsers' are `*.mutations.test.ts`. */
const SUITES: Record<string, { packages: string[]; filter: string; runs: string }> = {
  torch: { packages: ['backend-torch'], filter: 'test/differential.test.ts', runs: '1000' },
  tensorflow: { packages: ['backend-tensorflow'], filter: 'test/differential.test.ts', runs: '1000' },
  runs: { packages: ['../apps/benchmark'], filter: 'test/interrupted.test.ts', runs: '20' },
  parsers: { packages: ['formats', 'datasets'], filter: '.mutations.test.ts', runs: '20000' },
};
const { LONGTAIL_FUZZ_SEED = String(Math.floor(Math.random() * 2 ** 31)) } = process.env;
const named = process.argv.slice(2);

for (const name of named.length > 0 ? named : Object.keys(SUITES)) {
  const suite = SUITES[name];
  if (!suite) {
    console.error(`expected one of ${Object.keys(SUITES).join(', ')}, but "${name}" was given.`);
    process.exitCode = 2;
    continue;
  }
  const LONGTAIL_FUZZ_RUNS = process.env.LONGTAIL_FUZZ_RUNS ?? suite.runs;
  console.info(
    `LONGTAIL_FUZZ_RUNS=${LONGTAIL_FUZZ_RUNS} LONGTAIL_FUZZ_SEED=${LONGTAIL_FUZZ_SEED} pnpm fuzz ${name}`,
  );
  for (const folder of suite.packages) {
    const { status } = spawnSync('pnpm', ['exec', 'vitest', 'run', suite.filter], {
      cwd: join(import.meta.dirname, `../../${folder}`),
      env: { ...process.env, LONGTAIL_FUZZ_RUNS, LONGTAIL_FUZZ_SEED },
      stdio: 'inherit',
    });
    if (status !== 0) process.exitCode = 1;
  }
}
