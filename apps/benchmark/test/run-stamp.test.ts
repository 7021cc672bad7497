/** Files of a run say what they were computed from, and stages are skipped only where that is what is asked for. */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodeSafetensors } from '@longtail/formats';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluateRun } from '../src/evaluate-run.ts';
import { readResults } from '../src/read-results.ts';
import { surveyed } from '../src/reproduce/survey.ts';
import { differences, identity, stampMetadata, stampOf } from '../src/run-stamp.ts';
import { runStatus } from '../src/run-status.ts';
import { writeJson } from '../src/stored-json.ts';
import { hasStages } from '../src/take-stages.ts';
import { scoreTable } from '../src/text/score-table.ts';
import { makeOlder } from './older-run.ts';
import { type Asked, at, carriedOut, run, settingsOf, tinyPictures } from './tiny-run.ts';

const root = mkdtempSync(join(tmpdir(), 'longtail-stamp-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const losses = join(import.meta.dirname, '../../../packages/losses/src/index.ts');
const whole = join(root, 'whole');
beforeAll(() => carriedOut(whole), 120_000);

let copies = 0;
/** A copy of the finished run, without its `run.json` unless that is wanted. */
function copy({ settings = true }: { settings?: boolean } = {}): string {
  const folder = join(root, `copy-${copies++}`);
  cpSync(whole, folder, { recursive: true });
  if (!settings) rmSync(join(folder, 'run.json'));
  return folder;
}
const bytes = (folder: string) =>
  ['representation', 'features', 'classifiers', 'predictions'].map((file) => readFileSync(at(folder, file)));

describe('stamps', { timeout: 120_000 }, () => {
  it('are in every file of a stage, readable and hashed, and in the results', async () => {
    const { metadata } = decodeSafetensors(readFileSync(at(whole, 'predictions')));
    const stamp = stampOf(metadata);
    expect(stamp).toMatchObject({
      train: {
        recipe: 'demo',
        sampler: 'instance-balanced',
        loss: 'cross-entropy',
        seed: 0,
        epochs: 1,
        pictures: expect.stringMatching(/^21 pictures, sha256 [0-9a-f]{16}$/),
        backend: expect.any(String),
        device: 'cpu',
        autocast: 'none',
        numerics: expect.any(Number),
      },
      extract: { test: expect.stringMatching(/^6 pictures/), autocast: 'none' },
      classify: { headEpochs: 1, headBatchSize: 8, autocast: 'none' },
    });
    expect(stamp!.train).not.toHaveProperty('headEpochs');
    const of = (file: string) => stampOf(decodeSafetensors(readFileSync(at(whole, file))).metadata);
    expect(of('classifiers')).toEqual(stamp);
    expect(of('features')).toEqual({ train: stamp!.train, extract: stamp!.extract });
    expect(of('representation')).toEqual({ train: stamp!.train });
    expect((await evaluateRun(whole)).stamps).toEqual({ 'instance-balanced': stamp });
  });

  it('are none where they are not as they were written', () => {
    const metadata = stampMetadata({ train: { seed: 0 } });
    expect(stampOf(metadata)).toEqual({ train: { seed: 0 } });
    expect(stampOf({ ...metadata, stamp: metadata.stamp.replace('0', '1') })).toBeUndefined();
    expect(stampOf(stampMetadata([] as never))).toBeUndefined();
    expect(stampOf({})).toBeUndefined();
  });

  it('of before lack options that came later, at the values that they had', () => {
    expect(differences({ retrain: 'classifier' }, { headWeightDecay: 5e-4, mixup: 0 })).toEqual([]);
    expect(differences({ retrain: 'classifier' }, { headWeightDecay: 1e-4 })).toEqual([
      'headWeightDecay 0.0005 there, 0.0001 asked for',
    ]);
    // Whole networks were re-trained by the decay of stage 1, which their stamps do not say.
    expect(differences({ retrain: 'classifier,whole' }, { headWeightDecay: 5e-4 })).toEqual([
      'headWeightDecay unknown there, 0.0005 asked for',
    ]);
  });

  it('name what differs', () => {
    expect(differences({ seed: 0, epochs: 2 }, { seed: 1, epochs: 2 })).toEqual([
      'seed 0 there, 1 asked for',
    ]);
    expect(differences(undefined, { seed: 1 })).toEqual(['nothing there says what it was computed from']);
  });

  it('know a module by its content', async () => {
    const module = join(root, 'mine.ts');
    writeFileSync(module, 'export default 1;');
    const before = await identity(module);
    expect(before).toMatch(/^mine\.ts \(sha256 [0-9a-f]{16}\)$/);
    writeFileSync(module, 'export default 2;');
    expect(await identity(module)).not.toBe(before);
    rmSync(module);
    expect(await identity(module)).toBeUndefined();
    expect(await identity('class-balanced')).toBe('class-balanced');
  });
});

describe('what is there', { timeout: 120_000 }, () => {
  it.each([[true], [false]])('stays where it is what is asked for (run.json there: %s)', async (settings) => {
    const folder = copy({ settings });
    const [before, time] = [bytes(folder), statSync(at(folder, 'representation')).mtimeMs];
    expect(await carriedOut(folder)).toEqual({ done: [], notes: [] });
    expect([bytes(folder), statSync(at(folder, 'representation')).mtimeMs]).toEqual([before, time]);
  });

  const refused: [string, Asked, RegExp][] = [
    ['another seed', { seed: 1 }, /seed 0 there, 1 asked for\. Ask for --seed 0, name another/],
    [
      'another loss',
      { options: { loss: 'focal' } },
      /loss cross-entropy there, focal asked for\. Ask for --set loss=cross-entropy, name/,
    ],
    [
      'another recipe',
      { recipe: 'cifar-10-lt' },
      /recipe demo there, cifar-10-lt asked for\. Give what it is of/,
    ],
    [
      'several things',
      { seed: 1, options: { batchSize: 4 } },
      /seed 0 there, 1 asked for; batchSize 8 there, 4 asked for\. Ask for --seed 0 --set batchSize=8,/,
    ],
  ];
  it.each(refused)('is not taken for %s without run.json, and none is written', async (_, asked, message) => {
    const folder = copy({ settings: false });
    const before = bytes(folder);
    await expect(carriedOut(folder, asked)).rejects.toThrow(message);
    expect(existsSync(join(folder, 'run.json'))).toBe(false);
    expect(bytes(folder)).toEqual(before);
  });

  const others: [string, Asked, RegExp][] = [
    [
      'in bfloat16',
      { engine: { autocast: 'bfloat16' } },
      /autocast none there, bfloat16 asked for\. Ask for no --autocast, name another folder with --out, or start over with --fresh\.$/,
    ],
    [
      'by another backend',
      { engine: { backend: 'wasm2' } },
      /backend \w+ there, wasm2 asked for\. Ask for --backend/,
    ],
    [
      'on another device',
      { engine: { device: 'gpu' } },
      /device cpu there, gpu asked for\. Ask for --device cpu/,
    ],
    [
      'on other pictures',
      { pictures: tinyPictures(1) },
      /pictures 21 pictures, .* there, 21 pictures, .* asked for/,
    ],
  ];
  it.each(others)('is not gone on with %s', async (_, asked, message) => {
    const folder = copy();
    rmSync(at(folder, 'features'));
    const before = readFileSync(join(folder, 'dataset.json'));
    await expect(carriedOut(folder, asked)).rejects.toThrow(message);
    expect(existsSync(at(folder, 'features'))).toBe(false);
    expect(readFileSync(join(folder, 'dataset.json'))).toEqual(before);
  });

  it('of half a training is not gone on with in another type, and is by what it was begun', async () => {
    const folder = join(root, 'half');
    const asked = { options: { epochs: 2 }, engine: { autocast: 'bfloat16' } };
    await expect(carriedOut(folder, { ...asked, stops: true })).rejects.toThrow('stopped');
    await expect(carriedOut(folder, { options: asked.options })).rejects.toThrow(
      /autocast bfloat16 there, none asked for\. Ask for --autocast bfloat16,/,
    );
    expect((await carriedOut(folder, asked)).done).toEqual(['train', 'extract', 'classify']);
    const { engine, stamps } = await evaluateRun(folder);
    expect(engine.autocast).toBe('bfloat16');
    expect(stamps['instance-balanced']).toMatchObject({ extract: { autocast: 'bfloat16' } });
  });

  it('is computed again from the stage that an option is of, which says why', async () => {
    const folder = copy();
    const { done, notes } = await carriedOut(folder, { options: { headEpochs: 2 } });
    expect(done).toEqual(['classify']);
    expect(notes).toEqual([
      `${at(folder, 'classifiers')} cannot stay: headEpochs 1 there, 2 asked for; classify is done again.`,
    ]);
    expect((await evaluateRun(folder)).rows).toEqual(
      (await run(join(root, 'two'), { options: { headEpochs: 2 } })).rows,
    );
    expect(readFileSync(at(folder, 'representation'))).toEqual(readFileSync(at(whole, 'representation')));
  });

  it.each(['recipe', 'loss', 'samplers'] as const)(
    'is not gone on with a %s module that has changed',
    async (what) => {
      const [folder, module] = [join(root, `with-${what}`), join(root, `${what}.ts`)];
      const text = {
        recipe: 'export default {};',
        loss: `import { crossEntropy } from ${JSON.stringify(losses)};\nexport default () => crossEntropy();`,
        samplers: 'export default () => ({ name: "mine", length: 8, indices: () => new Int32Array(8) });',
      };
      writeFileSync(module, text[what]);
      const asked = what === 'recipe' ? { recipe: module } : { options: { [what]: module } };
      const files = what === 'samplers' ? 'samplers' : 'instance-balanced';
      await carriedOut(folder, asked);
      expect((await carriedOut(folder, asked)).done).toEqual([]);
      const before = readFileSync(join(folder, files, 'representation.safetensors'));
      writeFileSync(module, `${text[what]} // another`);
      await expect(carriedOut(folder, asked)).rejects.toThrow(
        new RegExp(
          `${what === 'samplers' ? 'sampler' : what} ${what}\\.ts \\(sha256 \\w+\\) there, .*Give what it is of, name`,
        ),
      );
      expect(readFileSync(join(folder, files, 'representation.safetensors'))).toEqual(before);
      rmSync(module);
      await evaluateRun(folder); // which needs no module
    },
  );

  it('stays a whole run where something else is refused together with an option of stage 2', async () => {
    const folder = copy();
    const before = readFileSync(join(folder, 'run.json'));
    const engine = { backend: 'other' };
    await expect(carriedOut(folder, { options: { headEpochs: 2 }, engine })).rejects.toThrow(/backend/);
    expect(readFileSync(join(folder, 'run.json'))).toEqual(before);
    await evaluateRun(folder);
  });

  it('is extracted again, but not trained, where only the test has changed', async () => {
    const folder = copy();
    const pictures = { ...tinyPictures(), test: tinyPictures(1).test };
    const { done, notes } = await carriedOut(folder, { pictures });
    expect(done).toEqual(['extract', 'classify']);
    expect(notes[0]).toMatch(
      /features.safetensors cannot stay: test 6 pictures, .*; extract is done again\.$/,
    );
  });

  it('may be classified by another engine, and the stamps tell', async () => {
    const folder = copy();
    const engine = { backend: 'other' };
    await carriedOut(folder, { begins: false, again: true, stages: ['classify'], engine });
    const results = await evaluateRun(folder);
    expect(results.stamps['instance-balanced']!.classify).toMatchObject({ backend: 'other' });
    expect(scoreTable(results)).toMatch(/on cpu, classifiers by other\s+on\s+cpu/);
    expect(scoreTable(await evaluateRun(whole))).not.toMatch(/classifiers by/);
    expect((await carriedOut(folder)).notes).toEqual([expect.stringMatching(/backend other there, /)]);
  });

  it('is not scored under the name of what it is not', async () => {
    const folder = copy();
    const settings = { ...settingsOf({}), seed: 1 };
    writeFileSync(join(folder, 'run.json'), JSON.stringify(settings));
    await expect(evaluateRun(folder)).rejects.toThrow(/seed 0 there, 1 asked for/);
    const other = { ...settingsOf({ options: { headEpochs: 3 } }) };
    writeFileSync(join(folder, 'run.json'), JSON.stringify(other));
    await expect(evaluateRun(folder)).rejects.toThrow(
      /expected .*classifiers.safetensors to be of the run as it is now, but headEpochs 1 there, 3 asked for; give/,
    );
  });

  it('is not scored where samplers were classified by different engines, or of other pictures', async () => {
    const folder = join(root, 'mixed');
    const both = { options: { samplers: 'instance-balanced,square-root' } };
    await run(folder, both);
    const other = join(root, 'mixed-other');
    cpSync(folder, other, { recursive: true });
    const engine = { backend: 'other' };
    await carriedOut(other, { ...both, begins: false, again: true, stages: ['classify'], engine });
    cpSync(join(other, 'square-root'), join(folder, 'square-root'), { recursive: true });
    await expect(evaluateRun(folder)).rejects.toThrow(
      /square-root.classifiers.safetensors to be .*, but backend other there, \w+ of instance-balanced; give/,
    );
    expect((await carriedOut(folder, both)).done).toEqual(['classify']);
    await evaluateRun(folder);
    await carriedOut(join(root, 'mixed-pictures'), { pictures: tinyPictures(1) });
    cpSync(join(root, 'mixed-pictures', 'dataset.json'), join(folder, 'dataset.json'));
    await expect(evaluateRun(folder)).rejects.toThrow(/pictures 21 pictures, .* there, /);
  });

  it('is not reported by the scores of before', async () => {
    const folder = copy();
    await writeJson(join(folder, 'results.json'), await evaluateRun(folder));
    expect((await readResults(folder)).rows).toHaveLength(5);
    await carriedOut(folder, { options: { headEpochs: 2 } });
    await expect(readResults(folder)).rejects.toThrow(
      /expected the scores of .*predictions.safetensors in .*results.json, but they are of others; run "longtail evaluate/,
    );
    rmSync(at(folder, 'predictions'));
    expect((await readResults(folder)).rows).toHaveLength(5);
  });

  it('of an earlier version can be read, but is nothing for another run to take', async () => {
    const folder = copy();
    const settings = settingsOf({});
    const states = async () =>
      (await runStatus(folder)).samplers.map(({ train, classify }) => [train, classify]);
    expect(await states()).toEqual([['done', 'done']]);
    expect(await hasStages(folder, settings, 'instance-balanced')).toBe(true);
    makeOlder(folder);
    const [older] = (await runStatus(folder)).samplers;
    expect(older).toMatchObject({ train: 'done', classify: 'done', isOlder: true });
    expect((await evaluateRun(folder)).rows).toEqual((await evaluateRun(whole)).rows);
    const planned = { folder, settings, recipe: 'demo', seed: 0, variant: {}, samplers: [], set: [] };
    await expect(surveyed(planned as never)).rejects.toThrow(
      /run of an earlier version, which .* --runs, or/,
    );
    expect(await hasStages(folder, settings, 'instance-balanced')).toBe(false);
  });

  it('is not scored whole by the scores of some of its samplers', async () => {
    const folder = copy();
    await writeJson(join(folder, 'results.json'), await evaluateRun(folder));
    expect((await runStatus(folder)).scored).toBe(true);
    await carriedOut(folder, { options: { samplers: 'instance-balanced,square-root' } });
    const { samplers, scored } = await runStatus(folder);
    expect(samplers.map(({ classify }) => classify)).toEqual(['done', 'done']);
    expect(scored).toBe(false);
  });

  it('of another representation is not classified', async () => {
    const folder = copy();
    const other = join(root, 'other');
    await carriedOut(other, { seed: 1, stages: ['train', 'extract'] });
    cpSync(at(other, 'features'), at(folder, 'features'));
    await expect(carriedOut(folder, { begins: false, stages: ['classify'] })).rejects.toThrow(
      /expected features of the representation beside it in .*, but seed 1 there, 0 asked for; run "longtail extract/,
    );
  });
});
