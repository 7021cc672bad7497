/** The files for Kubernetes and SkyPilot, as they are written; nothing of them is run. */
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '@longtail/core';
import { afterAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import demo from '../recipes/demo.ts';
import { rayClient } from '../src/ray/jobs.ts';
import { checkRecipeOptions } from '../src/recipe-options.ts';
import type { Sweep } from '../src/sweep/cell.ts';
import { findLauncher, launcherNames, launchSettings } from '../src/sweep/launcher.ts';
import { askedCells, planCells } from '../src/sweep/plan.ts';
import { type SweepFile, sweepFileSchema } from '../src/sweep/sweep-file.ts';

const folder = join(mkdtempSync(join(tmpdir(), 'longtail-sweep-yaml-')), 'Head rates');
afterAll(() => rmSync(join(folder, '..'), { recursive: true, force: true }));

const file: SweepFile = sweepFileSchema.parse({
  recipe: 'demo',
  seeds: 2,
  grid: { headLearningRate: [0.05, 0.1] },
});
const resolved = askedCells(file).map((cell) => ({
  ...cell,
  options: checkRecipeOptions({ ...demo.options, ...cell.set }, { of: 'the test' }),
}));
const sweep: Sweep = { folder, cells: planCells(resolved, file) };

async function written(
  name: string,
  given: string[],
  cells = sweep.cells,
): Promise<{ text: string; said: string }> {
  const launcher = await findLauncher(name);
  const settings = launchSettings(given, launcher, { launcher: name });
  const said = await launcher.launch(sweep, cells, {
    settings,
    signal: new AbortController().signal,
    say: () => {},
    saveEvery: '5min',
  });
  const text = readFileSync(join(folder, `sweep.${name.replace('-yaml', '')}.yaml`), 'utf8');
  return { text: text.replaceAll(folder, '/sweeps/Head rates'), said };
}

describe('k8s-yaml', () => {
  const given = [
    'image=registry/longtail:1',
    'claim=work',
    'mount=/sweeps',
    'gpus=1',
    'cpu=8',
    'memory=32Gi',
  ];
  it('is an indexed Job a wave, where 75 is no failure', async () => {
    const { text, said } = await written('k8s-yaml', given);
    await expect(text).toMatchFileSnapshot('golden/sweep.k8s.yaml');
    expect(said).toContain(`kubectl replace --force -f`);
    const jobs = parseAllDocuments(text).map((document) => document.toJS());
    expect(jobs.map(({ metadata }) => metadata.name)).toEqual(['head-rates-wave-0', 'head-rates-wave-1']);
    for (const { spec } of jobs) {
      expect(spec).toMatchObject({ completionMode: 'Indexed', completions: 2, maxFailedIndexes: 2 });
      expect(spec.podFailurePolicy.rules[0]).toMatchObject({
        action: 'Ignore',
        onExitCodes: { values: [75] },
      });
      expect(spec.template.spec.restartPolicy).toBe('Never'); // which both policies want
    }
  });
  it('has a name that a Job can have', async () => {
    const { text } = await written('k8s-yaml', [...given, `name=${'Long name. '.repeat(9)}`]);
    const names = parseAllDocuments(text).map((document) => document.toJS().metadata.name);
    for (const name of names) expect(name).toMatch(/^[a-z0-9]([-a-z0-9]{0,52}[a-z0-9])?$/);
    const other = await written('k8s-yaml', [...given, `name=${'Long name. '.repeat(9)}b`]);
    expect(other.text).not.toContain(names[0]);
  });
  it('has a command that finds its cell, of those that are left', async () => {
    const { text } = await written('k8s-yaml', given, [sweep.cells[0]!, sweep.cells[1]!, sweep.cells[3]!]);
    const [first, second] = parseAllDocuments(text).map(
      (document) => document.toJS().spec.template.spec.containers[0],
    );
    const asked = ({ args, env }: typeof first, index: number): string =>
      execFileSync('sh', ['-c', args[0].replace('exec longtail', 'echo')], {
        env: { CELLS: env[0].value, JOB_COMPLETION_INDEX: String(index) },
        encoding: 'utf8',
      });
    expect([asked(first, 0), asked(first, 1), asked(second, 0)]).toEqual(
      [0, 1, 3].map((cell) => `sweep run-cell /sweeps/Head rates ${cell} --patient --save-every 5min\n`),
    );
  });
});

describe('sky-yaml', () => {
  it('is a managed job that 75 starts again, and the command that starts one a cell', async () => {
    const { text, said } = await written('sky-yaml', ['bucket=s3://longtail-sweeps', 'accelerators=A100:1']);
    await expect(text).toMatchFileSnapshot('golden/sweep.sky.yaml');
    expect(said).toMatch(/for cell in 0 1 2 3; do sky jobs launch .* --env CELL=\$cell '.*\.yaml'; done$/);
    const [task] = parseAllDocuments(text).map((document) => document.toJS());
    expect(task.resources.job_recovery).toEqual({ recover_on_exit_codes: [75] });
  });
});

describe('a launcher', () => {
  it('says what it needs, and what it does not know', async () => {
    await expect(written('k8s-yaml', [])).rejects.toThrow(/name it by --with image=NAME\.$/);
    await expect(written('sky-yaml', ['bucket=s3://x', 'spot=no'])).rejects.toThrow(
      /one of both, but got "no"/,
    );
    await expect(written('sky-yaml', [])).rejects.toThrow(/name it by --with bucket=s3:\/\/NAME\.$/);
    const wrong = await written('k8s-yaml', ['imag=x']).catch((error: Error) => error);
    expect(wrong).toBeInstanceOf(UsageError);
    expect((wrong as Error).message).toMatch(/takes, for k8s-yaml, .* "imag=x"; did you mean "image"\?$/);
    await expect(findLauncher('locl')).rejects.toThrow(/did you mean "local"\?$/);
    const server = createServer((_, response) => response.end('<html>')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    await expect(rayClient(address).list()).rejects.toThrow(
      /Ray's list of jobs from .*, but got "<html>"; name/,
    );
    server.close();
    for (const name of launcherNames) expect(Object.keys(await findLauncher(name))).toContain('launch');
  });
});
