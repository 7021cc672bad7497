/**
 * A stranger's sampler, in an empty folder outside the repository: it has the packed tarballs alone, and passes the
 * suite that our own pass. No registry is asked: vitest is linked from here.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';

const SAMPLER = `
import { asLabels, InputError, random } from '@longtail/core';
import type { Sampler } from '@longtail/samplers';

/** Every image once, rarest classes first. */
export function rarestFirst(labels: ArrayLike<number>, { seed }: { seed: number }): Sampler {
  const checked = asLabels(labels);
  const counts = new Map<number, number>();
  for (const c of checked) counts.set(c, (counts.get(c) ?? 0) + 1);
  random(seed); // refuses a bad one
  const indices = (epoch: number) => {
    if (!Number.isInteger(epoch) || epoch < 0) throw new InputError(\`no epoch \${epoch}\`);
    const order = random(seed, 'rarest-first', epoch).shuffle(Int32Array.from(checked.keys()));
    return order.sort((a, b) => counts.get(checked[a]!)! - counts.get(checked[b]!)!);
  };
  return { name: 'rarest-first', length: checked.length, indices };
}
`;
const TEST = `
import { describeSampler } from '@longtail/samplers/testing';
import { rarestFirst } from './rarest-first.ts';

describeSampler('rarest-first', (labels, seed) => rarestFirst(labels, { seed }));
describeSampler('one that forgets', (labels) => rarestFirst(labels, { seed: 0 }));
describeSampler('one that goes too far', (labels, seed) => {
  const sampler = rarestFirst(labels, { seed });
  return { ...sampler, indices: (epoch) => sampler.indices(epoch).map((i) => i + epoch) };
});
describeSampler('an empty one', (labels, seed) => ({
  ...rarestFirst(labels, { seed }),
  length: 0,
  indices: () => new Int32Array(0),
}));
`;

const here = join(import.meta.dirname, '..');
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'longtail-outside-')));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pnpm = (cwd: string, ...args: string[]): string =>
  execFileSync('pnpm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

function pack(name: 'core' | 'samplers'): string {
  const source = join(here, '..', name);
  pnpm(source, 'run', 'build');
  pnpm(source, 'pack', '--out', join(folder, `${name}.tgz`));
  return `file:./${name}.tgz`;
}

/** The folder as a stranger has it: two tarballs installed, a sampler and its test written. */
function prepare(): void {
  const core = pack('core');
  const dependencies = {
    '@longtail/core': core,
    '@longtail/samplers': pack('samplers'),
    vitest: `link:${realpathSync(join(here, 'node_modules/vitest'))}`,
  };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', dependencies }));
  writeFileSync(join(folder, 'pnpm-workspace.yaml'), `overrides:\n  '@longtail/core': ${core}\n`);
  writeFileSync(join(folder, 'rarest-first.ts'), SAMPLER);
  writeFileSync(join(folder, 'rarest-first.test.ts'), TEST);
  pnpm(folder, 'install', '--offline');
}

interface Result {
  readonly ancestorTitles: string[];
  readonly title: string;
  readonly status: string;
}

function runSuite(): Result[] {
  const vitest = join(folder, 'node_modules/vitest/vitest.mjs');
  const options = ['run', '--reporter=json', '--outputFile=report.json'];
  const { stderr } = spawnSync(process.execPath, [vitest, ...options], { cwd: folder, encoding: 'utf8' });
  const report = join(folder, 'report.json');
  expect(existsSync(report), stderr).toBe(true);
  return JSON.parse(readFileSync(report, 'utf8')).testResults[0].assertionResults;
}

it('passes the suite from packed tarballs; one that forgets its seed does not', (context) => {
  if (spawnSync('pnpm', ['--version']).status !== 0) {
    console.warn('skipped the packed tarballs: pnpm is not on the PATH');
    context.skip('pnpm is not on the PATH');
  }
  prepare();
  const results = runSuite();
  const titles = (suite: string, status: string) =>
    results.filter((test) => test.ancestorTitles[0] === suite && test.status === status);
  expect(titles('sampler rarest-first', 'passed')).toHaveLength(9);
  expect(titles('sampler rarest-first', 'failed')).toEqual([]);
  expect(titles('sampler one that forgets', 'failed').map(({ title }) => title)).toEqual([
    'differs between epochs and between seeds',
    'refuses bad labels, epochs and seeds with an InputError',
  ]);
  for (const suite of ['one that goes too far', 'an empty one'])
    expect(titles(`sampler ${suite}`, 'failed').map(({ title }) => title)).toContain(
      'a long tail: gives length indices in range',
    );
});
