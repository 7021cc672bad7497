/** What the command does with options: refused before anything is there, and changed on a run that is there. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { torchLibrary } from '@longtail/test-support';
import { afterAll, describe, expect, it } from 'vitest';
import { lossNames } from '../src/loss-names.ts';
import { optionNames } from '../src/recipe-options.ts';
import { knownSamplers } from '../src/samplers.ts';
import { longtail } from './longtail.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-options-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (...path: string[]) => JSON.parse(readFileSync(join(folder, ...path), 'utf8'));
const lastLine = (text: string) => text.trim().split('\n').at(-1);

describe('what is refused', { timeout: 120_000 }, () => {
  it.each([
    ['headBatchSize=0', /^--set headBatchSize takes an integer from 1 to 1000000, but got "0"\.$/],
    ['sampler=reversed', /but got "sampler=reversed"; did you mean "samplers"\?$/],
    ['samplers=clas-balanced', /but got "clas-balanced"; did you mean "class-balanced"\?$/],
    ['loss=LDAM_DRW', /but got "LDAM_DRW"; did you mean "ldam-drw"\?$/],
  ])('%s ends with 2, and nothing is written', async (setting, sentence) => {
    const out = join(folder, 'refused');
    const { code, stderr } = await longtail(['run', 'demo', '--out', out, '--set', 'epochs=1', setting]);
    expect(lastLine(stderr)).toMatch(sentence);
    expect(code).toBe(2);
    expect(existsSync(out)).toBe(false);
  });

  it('a recipe gets the nearest one, too', async () => {
    const { code, stderr } = await longtail(['run', 'cifar10']);
    expect(lastLine(stderr)).toMatch(/but got "cifar10"; did you mean "cifar-10-lt"\?$/);
    expect(code).toBe(2);
  });

  it('binds no folder before there is anything of the run', async () => {
    const run = ['run', 'cifar-10-lt', '--out', join(folder, 'typo'), '--data', folder];
    for (const epochs of [7, 8]) {
      const { code, stderr } = await longtail([...run, '--set', `epochs=${epochs}`]);
      expect(lastLine(stderr)).toMatch(/expected cifar10-jpg.tar.gz/);
      expect(code).toBe(1);
      expect(read('typo/run.json').options.epochs).toBe(epochs);
    }
  });
});

describe('--help', { timeout: 120_000 }, () => {
  it.each([['run'], ['train']])('of %s says what --set takes, and every name', async (command) => {
    const { stdout } = await longtail([command, '--help']);
    const plain = stdout.replaceAll(/\s+/g, ' ');
    for (const name of optionNames)
      expect(plain).toMatch(new RegExp(` ${name} [^(]{10,}\\(.*?; default: .+?\\)`));
    expect(plain).toContain(`samplers ${knownSamplers.join(', ')} losses ${lossNames.join(', ')}`);
    expect(plain).toContain('epochs passes over the training pictures (an integer >= 1; default: 200)');
  });

  it("with a recipe, a module's too, says its defaults", async () => {
    const own = join(import.meta.dirname, 'folder-recipe.ts');
    for (const [recipe, batchSize] of [
      ['demo', 32],
      [own, 8],
    ] as const) {
      const { stdout } = await longtail(['help', 'run', recipe]);
      expect(stdout).toContain(`Options of ${recipe}, by --set:`);
      expect(stdout.replaceAll(/\s+/g, ' ')).toContain(`from 1 to 1000000; default: ${batchSize})`);
    }
  });
});

describe.skipIf(!torchLibrary())('on a run that is there', { timeout: 300_000 }, () => {
  const demo = (...settings: string[]) =>
    longtail([
      'run',
      'demo',
      '--out',
      join(folder, 'run'),
      '--set',
      'epochs=1',
      'imagesPerEpoch=128',
      ...settings,
    ]);
  const one = 'samplers=instance-balanced';
  const representation = join(folder, 'run/instance-balanced/representation.safetensors');
  const rowsOf = (classifiers: readonly string[], sampler = 'instance-balanced') =>
    read('run/results.json').rows.filter(
      (row: { sampler: string; classifier: string }) =>
        row.sampler === sampler && classifiers.includes(row.classifier),
    );

  it('options of stage 2 may change: the classifiers are computed again, and nothing is trained', async () => {
    expect((await demo(one, 'headEpochs=1')).code).toBe(0);
    const [trained, crt, joint] = [
      statSync(representation).mtimeMs,
      rowsOf(['crt']),
      rowsOf(['joint', 'ncm']),
    ];
    const changed = await demo(one, 'headEpochs=2', 'headLearningRate=0.5');
    expect(changed.code).toBe(0);
    expect(changed.stderr).toMatch(
      /cannot stay: headEpochs 1 there, 2 asked for; headLearningRate 0.05 there, 0.5 asked for; classify is done again\.$/m,
    );
    expect(read('run/run.json').options).toMatchObject({ headEpochs: 2, headLearningRate: 0.5, epochs: 1 });
    expect(read('run/results.json').options).toMatchObject({ headEpochs: 2, headLearningRate: 0.5 });
    expect(rowsOf(['crt'])).not.toEqual(crt);
    expect(rowsOf(['joint', 'ncm'])).toEqual(joint);
    expect(statSync(representation).mtimeMs).toBe(trained);
  });

  it('those of stage 1 may not, and a refusal changes nothing', async () => {
    const before = readFileSync(join(folder, 'run/run.json'), 'utf8');
    for (const [setting, sentence] of [
      ['onBadImage=skip', /holds a run with onBadImage=fail, but onBadImage=skip was asked for; .*--fresh/],
      [
        'learningRate=0.2',
        /holds a run with learningRate=0.1, but learningRate=0.2 was asked for; .*--fresh/,
      ],
      [
        'samplers=reversed',
        /holds a run of the sampler instance-balanced, which samplers=reversed leaves out/,
      ],
    ] as const) {
      const { code, stderr } = await demo(
        ...(setting.startsWith('samplers') ? [] : [one]),
        'headEpochs=3',
        setting,
      );
      expect(lastLine(stderr)).toMatch(sentence);
      expect(code).toBe(2);
    }
    expect(readFileSync(join(folder, 'run/run.json'), 'utf8')).toBe(before);
  });

  it('goes on where it was begun before an option existed', async () => {
    const { options, ...settings } = read('run/run.json');
    const { onBadImage, loss, microBatch, ...older } = options;
    writeFileSync(join(folder, 'run/run.json'), JSON.stringify({ ...settings, options: older }));
    const again = await demo(one, 'headEpochs=2', 'headLearningRate=0.5');
    expect([again.code, again.stderr]).toEqual([0, expect.stringMatching(/holds this run, finished/)]);
  });

  it('a sampler may be added', async () => {
    const [trained, rows] = [statSync(representation).mtimeMs, rowsOf(['joint', 'crt'])];
    const { code } = await demo(`${one},reversed`, 'headEpochs=2', 'headLearningRate=0.5');
    expect(code).toBe(0);
    expect(rowsOf(['joint', 'crt'])).toEqual(rows);
    expect(rowsOf(['joint', 'crt'], 'reversed')).toHaveLength(2);
    expect(statSync(representation).mtimeMs).toBe(trained);
  });
});
