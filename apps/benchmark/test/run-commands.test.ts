/** `status`, `resume`, `clean` and `config`, through the real command. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluateRun } from '../src/evaluate-run.ts';
import { keptRates } from '../src/scaled-rate.ts';
import { withSettings } from '../src/settings.ts';
import { writeJson } from '../src/stored-json.ts';
import { longtail } from './longtail.ts';
import { at, carriedOut, recipe, run } from './tiny-run.ts';

const root = mkdtempSync(join(tmpdir(), 'longtail-run-commands-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
process.env.NODE_COMPILE_CACHE = join(root, 'compiled'); // most of what so small a run takes is the command's start

const options = { epochs: 2, batchSize: 4 };
const asked = { options, saveEvery: { steps: 2 } };
const [begun, done] = [join(root, 'begun'), join(root, 'done')];
beforeAll(async () => {
  await expect(carriedOut(begun, { ...asked, stops: true })).rejects.toThrow('stopped');
  await writeJson(join(done, 'results.json'), await run(done, asked));
  writeFileSync(join(done, 'report.html'), '');
}, 120_000);

let copies = 0;
function copy(of: string): string {
  const folder = join(root, `copy-${copies++}`);
  cpSync(of, folder, { recursive: true });
  return folder;
}
const jsonOf = async (...args: string[]) => {
  const { code, stdout, stderr } = await longtail([...args, '--json']);
  expect([code, stderr]).toEqual([0, '']);
  return JSON.parse(stdout);
};

describe('longtail status', { timeout: 120_000 }, () => {
  it('says what a run that was stopped is at, and what comes next', async () => {
    const { code, stdout } = await longtail(['status', begun]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/no process is at work\n/);
    expect(stdout).toMatch(/train 0 of 2 epochs and 4 pictures +extract missing +classify missing/);
    expect(stdout).toMatch(/evaluate missing, report missing\nnext: .+ resume .*begun\n$/);
  });

  it('gives the same as JSON, with sizes', async () => {
    const status = await jsonOf('status', done);
    const [sampler] = status.samplers;
    expect(sampler).toMatchObject({
      sampler: 'instance-balanced',
      train: 'done',
      epoch: 2,
      extract: 'done',
      classify: 'done',
    });
    expect(status).toMatchObject({ scored: true, reported: true, next: `longtail report ${done}` });
    expect(status.bytes).toBeGreaterThan(sampler.bytes);
    expect(sampler.bytes).toBeGreaterThan(2 * readFileSync(at(done, 'representation')).length);
  });

  it('tells what is damaged, outdated and missing from what is done', async () => {
    const folder = copy(done);
    writeFileSync(at(folder, 'classifiers'), 'x');
    expect((await jsonOf('status', folder)).samplers[0]).toMatchObject({
      extract: 'done',
      classify: 'damaged',
    });
    const settings = JSON.parse(readFileSync(join(folder, 'run.json'), 'utf8'));
    const more = { ...settings, options: { ...settings.options, headEpochs: 7 } };
    cpSync(at(done, 'classifiers'), at(folder, 'classifiers'));
    await writeJson(join(folder, 'run.json'), more);
    rmSync(at(folder, 'features'));
    expect(await jsonOf('status', folder)).toMatchObject({
      samplers: [{ train: 'done', extract: 'missing', classify: 'outdated' }],
      scored: false,
      next: `longtail resume ${folder}`,
    });
    writeFileSync(at(folder, 'representation'), '');
    expect((await jsonOf('status', folder)).samplers[0]).toMatchObject({ train: 'damaged' });
  });

  it('names the next command so that it can be copied', async () => {
    const folder = join(root, "it's mine");
    cpSync(done, folder, { recursive: true });
    expect((await jsonOf('status', folder)).next).toBe(`longtail report '${root}/it'\\''s mine'`);
  });

  it('of a file says that it is no folder', async () => {
    const file = join(done, 'run.json');
    const { code, stderr } = await longtail(['status', file]);
    expect([code, stderr]).toEqual([
      1,
      `expected the folder of a run, but ${file} is a file; name the folder of the run.\n`,
    ]);
  });

  it('says who is at work, and clean then leaves all as it is', async () => {
    const folder = copy(done);
    const module = JSON.stringify(join(import.meta.dirname, '../src/run-lock.ts'));
    const program = `import { holdRun } from ${module}; await holdRun(${JSON.stringify(folder)}); console.log('held'); process.stdin.resume();`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', program]);
    await once(child.stdout, 'data');
    const status = await jsonOf('status', folder);
    expect([status.running.pid, status.next]).toEqual([child.pid, undefined]);
    for (const args of [
      ['clean', folder, '--yes'],
      ['resume', folder],
    ]) {
      const { code, stderr } = await longtail(args);
      expect([code, stderr]).toEqual([1, expect.stringContaining(`in use by process ${child.pid} on `)]);
    }
    expect(existsSync(at(folder, 'representation.previous'))).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect((await jsonOf('status', folder)).running).toBeUndefined();
  });
});

describe('longtail clean', { timeout: 120_000 }, () => {
  it('removes nothing without --yes, and says how much it would free', async () => {
    const folder = copy(done);
    const before = readdirSync(folder, { recursive: true });
    const { code, stdout } = await longtail(['clean', folder, '--features']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/representation\.previous\.safetensors: the checkpoint before the last/);
    expect(stdout).toMatch(/ would be free; nothing is removed without --yes\.\n$/);
    expect(readdirSync(folder, { recursive: true })).toEqual(before);
  });

  it('keeps what is needed to report and to go on, whatever else is there', async () => {
    const folder = copy(done);
    const leftover = `${at(folder, 'features')}.999999.0.3.tmp`;
    const ofPass = join(folder, 'instance-balanced/passes/live/0.safetensors.999999.0.4.tmp');
    mkdirSync(dirname(ofPass), { recursive: true });
    writeFileSync(ofPass, 'half');
    writeFileSync(leftover, 'half');
    writeFileSync(join(folder, 'notes.tmp'), 'mine');
    const size = readFileSync(at(folder, 'representation.previous')).length;
    const { files, bytes, removed } = await jsonOf('clean', folder, '--yes');
    expect(files.map(({ path }: { path: string }) => path)).toEqual([
      leftover,
      ofPass,
      at(folder, 'representation.previous'),
    ]);
    expect([bytes, removed]).toEqual([size + 8, true]);
    expect(existsSync(leftover)).toBe(false);
    expect(existsSync(join(folder, 'notes.tmp'))).toBe(true);
    expect((await evaluateRun(folder)).rows).toEqual((await evaluateRun(done)).rows);
    expect(await carriedOut(folder, asked)).toEqual({ done: [], notes: [] });
    expect((await longtail(['clean', folder])).stdout).toMatch(/^nothing may go/);
  });

  it('takes features where it is asked to, and the run is still scored', async () => {
    const folder = copy(done);
    const { files } = await jsonOf('clean', folder, '--features', '--yes');
    expect(files).toHaveLength(2);
    expect(existsSync(at(folder, 'features'))).toBe(false);
    expect((await evaluateRun(folder)).rows).toEqual((await evaluateRun(done)).rows);
    expect(await jsonOf('status', folder)).toMatchObject({ scored: true, samplers: [{ classify: 'done' }] });
  });

  it('keeps both checkpoints of a training that is not over, or whose last is damaged', async () => {
    const folder = copy(begun);
    await expect(carriedOut(folder, { ...asked, stops: true })).rejects.toThrow('stopped');
    expect((await jsonOf('clean', folder)).files).toEqual([]);
    const damaged = copy(done);
    const content = readFileSync(at(damaged, 'representation'));
    content[content.length - 8]! ^= 1;
    writeFileSync(at(damaged, 'representation'), content);
    expect((await jsonOf('clean', damaged)).files).toEqual([]);
  });
});

describe('longtail config', { timeout: 120_000 }, () => {
  it('names each value and where it comes from', async () => {
    const { code, stdout, stderr } = await longtail([
      'config',
      'cifar-10-lt',
      '--set',
      'batchSize=64',
      'epochs=5',
    ]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^epochs +--set +5\n/);
    expect(stdout).toMatch(/\nbatchSize +--set +64\n/);
    expect(stdout).toMatch(/\nmicroBatch +default +0\n/);
    expect(stdout).toMatch(/\nlearningRate +recipe +0\.1\n/);
    expect(stderr).toBe(
      'batchSize is 64 instead of 128, but learningRate is still 0.1: rates scale with the batch; learningRate=0.05 would keep to the recipe.\n',
    );
  });

  it('gives the same as JSON, with ranges and defaults', async () => {
    const { options: all, warnings } = await jsonOf('config', 'demo', '--set', 'headBatchSize=64');
    const one = all.find(({ name }: { name: string }) => name === 'epochs');
    expect(one).toMatchObject({ value: 12, from: 'recipe', byDefault: 200, range: 'an integer >= 1' });
    expect(warnings).toEqual([expect.stringContaining(' headLearningRate=0.025 would keep')]);
  });

  it.each([
    [['config', 'dem'], /a recipe is one of .*did you mean "demo"/],
    [['config', 'demo', '--set', 'epoch=1'], /did you mean "epochs"/],
    [['config', 'demo', '--set', 'loss=none'], /a loss is one of/],
    [['config', 'demo', '--set', 'samplers=none'], /a sampler is one of/],
    [
      ['run', 'demo', '--out', join(root, 'never'), '--save-every', '5'],
      /--save-every takes minutes or steps/,
    ],
  ])('%j is wrong usage', async (args, message) => {
    const { code, stderr } = await longtail(args);
    expect([code, stderr]).toEqual([2, expect.stringMatching(message)]);
    expect(existsSync(join(root, 'never'))).toBe(false);
  });
});

it.each(['status', 'resume', 'clean'])(
  '%s of no run ends with a sentence, and makes no folder',
  async (command) => {
    const folder = join(root, 'none');
    const { code, stderr } = await longtail([command, folder]);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^expected .*run\.json, but it is not there; run ".*" before\.\n$/),
    ]);
    expect(existsSync(folder)).toBe(false);
    expect((await longtail([command, '--help'])).stdout).toMatch(
      new RegExp(`Examples:\\n  .* ${command} runs/`),
    );
  },
  60_000,
);

it('a batch size that is changed alone is warned of, with the rate that goes with it', () => {
  const warned = (...settings: string[]) => keptRates(recipe, withSettings(recipe, settings));
  expect(warned()).toEqual([]);
  expect(warned('batchSize=8')).toEqual([]);
  expect(warned('batchSize=16', 'learningRate=0.2')).toEqual([]);
  expect(warned('learningRate=0.2')).toEqual([]);
  expect(warned('microBatch=4')).toEqual([]);
  expect(warned('batchSize=16')).toEqual([expect.stringContaining(' learningRate=0.2 would keep')]);
  expect(warned('batchSize=24')).toEqual([expect.stringContaining(' learningRate=0.3 would keep')]);
  expect(warned('batchSize=4', 'headBatchSize=4')).toHaveLength(2);
});
