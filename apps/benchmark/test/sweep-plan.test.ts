/** From a sweep's file to its cells: what there is, what is shared, what is wrong and in which line. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '@longtail/core';
import { afterAll, describe, expect, it } from 'vitest';
import demo from '../recipes/demo.ts';
import { checkRecipeOptions } from '../src/recipe-options.ts';
import { withSettings } from '../src/settings.ts';
import type { Cell } from '../src/sweep/cell.ts';
import { checkedCells } from '../src/sweep/checked-cells.ts';
import { beginSweep, openSweep } from '../src/sweep/open-sweep.ts';
import { askedCells, planCells } from '../src/sweep/plan.ts';
import { fits } from '../src/sweep/process-memory.ts';
import { readSweepFile } from '../src/sweep/read-sweep-file.ts';
import { sharesOf } from '../src/sweep/shares.ts';
import { costKey, measuredCost, statedCost } from '../src/sweep/sweep-cost.ts';
import { type SweepFile, sweepFileSchema, sweepJsonSchema } from '../src/sweep/sweep-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-sweep-plan-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const fileOf = (given: object): SweepFile => sweepFileSchema.parse({ recipe: 'demo', ...given });

function planned(given: object, known: readonly string[] = []): Cell[] {
  const file = fileOf(given);
  const resolved = askedCells(file).map((cell) => ({
    ...cell,
    options: checkRecipeOptions({ ...demo.options, ...cell.set }, { of: 'the test' }),
  }));
  return planCells(resolved, { ...file, known });
}

async function cellsOf(name: string, text: string): Promise<Cell[]> {
  const path = join(folder, name);
  writeFileSync(path, text);
  return checkedCells(await readSweepFile(path));
}

describe('the cells of a sweep', () => {
  it('are recipes by list by grid by seeds, of which the last run fastest', () => {
    const file = fileOf({
      recipe: ['demo', 'cifar-10-lt'],
      seeds: 2,
      set: { epochs: 3 },
      grid: { loss: ['focal', 'ldam'] },
      list: [{ batchSize: 64 }, { epochs: 5 }],
    });
    const cells = askedCells(file);
    expect(cells).toHaveLength(2 * 2 * 2 * 2);
    expect(cells.slice(0, 3)).toEqual([
      { recipe: 'demo', seed: 0, set: { epochs: 3, loss: 'focal', batchSize: 64 } },
      { recipe: 'demo', seed: 1, set: { epochs: 3, loss: 'focal', batchSize: 64 } },
      { recipe: 'demo', seed: 0, set: { epochs: 3, loss: 'ldam', batchSize: 64 } },
    ]);
    expect(cells[4]).toEqual({ recipe: 'demo', seed: 0, set: { epochs: 5, loss: 'focal' } });
    expect(cells.at(-1)).toMatchObject({ recipe: 'cifar-10-lt', seed: 1 });
  });

  it('share the stage 1 of equal training options, sampler by sampler', () => {
    const cells = planned({
      list: [
        { samplers: 'instance-balanced' },
        { samplers: 'instance-balanced', headEpochs: 3 },
        { samplers: 'instance-balanced,square-root' },
        { samplers: 'square-root', features: 'live' },
        { samplers: 'instance-balanced', epochs: 7 },
      ],
    });
    const [first, second, third] = cells.map(({ id }) => id);
    expect(cells.map(({ from }) => from)).toEqual([
      {},
      { 'instance-balanced': first },
      { 'instance-balanced': first },
      { 'square-root': third },
      {},
    ]);
    expect(cells.map(({ wave }) => wave)).toEqual([0, 1, 1, 2, 0]);
    expect(new Set([first, second, third]).size).toBe(3);
    expect(cells[1]!.settings.command).toBe(
      'longtail run demo --seed 0 --set samplers=instance-balanced headEpochs=3',
    );
  });

  it('name the command that computes the same, pictures and groups too', () => {
    const set = { samplers: "it's.ts" };
    const [cell] = planned({ data: '/my pictures', groups: 'oltr', set });
    expect(cell!.settings.command).toBe(
      `longtail run demo --seed 0 --data '/my pictures' --set 'samplers=it'\\''s.ts' --groups oltr`,
    );
  });

  it('have ids that go by recipe, seed, options and engine alone', () => {
    const id = (given: object): string => planned(given)[0]!.id;
    expect(id({ seeds: [4] })).toBe('7d41abf813fb');
    expect(id({ seeds: [4], data: 'elsewhere', groups: 'oltr', set: { ...demo.options } })).toBe(
      id({ seeds: [4] }),
    );
    for (const other of [
      { seeds: [5] },
      { seeds: [4], set: { epochs: 2 } },
      { seeds: [4], engine: { device: 'cpu' } },
    ])
      expect(id(other)).not.toBe(id({ seeds: [4] }));
  });

  it('of a baseline have its options, over which those of the file have the last word', async () => {
    const [own, ldam, strong] = await cellsOf(
      'baselines.yaml',
      'recipe: demo\nlist:\n  - {}\n  - { baseline: ldam-drw }\n  - { baseline: mislas, weightDecay: 0.01 }\n',
    );
    expect(own!.settings.options).toMatchObject({ baseline: 'none', loss: 'cross-entropy' });
    expect(ldam!.settings.options).toEqual(withSettings(demo, ['baseline=ldam-drw']));
    expect(ldam!.settings.options).toMatchObject({ loss: 'ldam-drw', samplers: 'instance-balanced' });
    expect(strong!.settings.options).toMatchObject({ mixup: 1, weightDecay: 0.01 });
  });

  it('are refused twice', () => {
    expect(() => planned({ list: [{}, { epochs: demo.options.epochs }] })).toThrow(
      /each cell once, but this one is there twice: longtail run demo --seed 0 --set epochs=/,
    );
  });

  it('keep their numbers where a file grows, and are not lost in silence', async () => {
    const place = join(folder, 'grown');
    const before = planned({ grid: { headEpochs: [3, 5] } });
    await beginSweep(place, before, { from: 'a.yaml' });
    const grown = planned(
      { grid: { headEpochs: [2, 3, 5] } },
      before.map(({ id }) => id),
    );
    expect((await beginSweep(place, grown, { from: 'a.yaml' })).cells.slice(0, 2)).toEqual(before);
    expect(grown[2]!.from).toEqual({
      ...Object.fromEntries(demo.options.samplers!.split(',').map((name) => [name, before[0]!.id])),
    });
    expect((await openSweep(place)).cells).toEqual(grown);
    await expect(beginSweep(place, before.slice(1), { from: 'b.yaml' })).rejects.toThrow(
      /which b\.yaml does not ask for; ask for it, .* delete .*sweep\.jsonl: the runs stay\./,
    );
    writeFileSync(join(place, 'sweep.jsonl'), '{"index":0}\n');
    await expect(openSweep(place)).rejects.toThrow(/sweep\.jsonl:1, but/);
  });
});

describe('a bad file of a sweep', () => {
  const cases: [what: string, text: string, sentence: RegExp][] = [
    [
      'an unknown option',
      'recipe: demo\ngrid:\n  headLearningrate: [1]\n',
      /:3 has an option "headLearningrate".*did you mean "headLearningRate"\?$/,
    ],
    ['an unknown key', 'recipe: demo\nseed: 3\n', /:2 has "seed".*did you mean "seeds"\?$/],
    [
      'an option in the wrong place',
      'recipe: demo\nepochs: 3\n',
      /:2 has "epochs".*options go below set, grid or list\.$/,
    ],
    [
      'a value out of range',
      'recipe: demo\nset:\n  loss: focal\n  epochs: 0\n',
      /:4: epochs must be an integer >= 1, but found 0\.$/,
    ],
    [
      'a grid of no list',
      'recipe: demo\ngrid:\n  epochs: 3\n',
      /:3: epochs must be a list of values, each an integer >= 1, but found 3\.$/,
    ],
    [
      'one value of a grid',
      'recipe: demo\ngrid:\n  epochs:\n    - 3\n    - many\n',
      /:5: epochs must be an integer >= 1, but found "many"\.$/,
    ],
    [
      'an unknown loss',
      'recipe: demo\ngrid:\n  loss:\n    - focal\n    - focaal\n',
      /:5: .*"focaal"; did you mean "focal"\?$/,
    ],
    [
      'an unknown sampler',
      'recipe: demo\nlist:\n  - epochs: 3\n  - samplers: balanced\n',
      /:4: a sampler is one of .*"balanced"/,
    ],
    [
      'an unknown recipe',
      'seeds: 2\nrecipe: [demo, dmo]\n',
      /:2: a recipe is one of .*"dmo"; did you mean "demo"\?$/,
    ],
    [
      'no recipe',
      'seeds: 2\n',
      /:1: recipe must be the name of a recipe, or a list of names, but it is not there\.$/,
    ],
    [
      'a recipe without its pictures',
      'recipe: cifar-10-lt\n',
      /needs real pictures: name their folder by data: DIR\.$/,
    ],
    [
      'seeds of another kind',
      'recipe: demo\nseeds: [0, x]\n',
      /:2: seeds must be a list of integers, or how many from 0 on, 10000 at most, but found "x"\.$/,
    ],
    [
      'seeds without end',
      'recipe: demo\nseeds: 9007199254740991\n',
      /:2: seeds must be .* 10000 at most, but found/,
    ],
    [
      'an alias of nothing',
      'recipe: *demo\n',
      /^expected YAML or JSON in .*bad\.yaml, but .*: demo; mend it\.$/,
    ],
    [
      'no YAML',
      'recipe: demo\nset: {epochs: 3\n',
      /^expected YAML or JSON in .*bad\.yaml:3, but .*; mend it\.$/,
    ],
    ['an empty file', '', /:1: expected a sweep \(recipe, seeds, set, grid, list\), but found null\.$/],
    [
      'JSON as well',
      '{"recipe": "demo",\n\t"set": {\n\t\t"epochz": 3}}',
      /:3 has an option "epochz".*did you mean "epochs"\?$/,
    ],
  ];
  it.each(cases)('%s is said with its line', async (_, text, sentence) => {
    const wrong = await cellsOf('bad.yaml', text).catch((error: Error) => error);
    expect(wrong).toBeInstanceOf(UsageError);
    expect((wrong as Error).message).toMatch(sentence);
    expect((wrong as Error).message).toContain(join(folder, 'bad.yaml'));
  });
  it('leaves a good one after it as good', async () => {
    await expect(cellsOf('bad.yaml', 'recipe: demo\nset: [1]\n')).rejects.toThrow(/:2: set must be options/);
    expect(await cellsOf('bad.yaml', 'recipe: demo\nset: { epochs: 1 }\nseeds: 3\n')).toHaveLength(3);
  });
});

it('the form of the file is published as a JSON Schema', async () => {
  await expect(`${JSON.stringify(sweepJsonSchema(), null, 2)}\n`).toMatchFileSnapshot(
    '../schemas/sweep.json',
  );
});

describe('what a sweep takes', () => {
  const cells = planned({
    seeds: 2,
    set: { samplers: 'instance-balanced,square-root' },
    grid: { headLearningRate: [1, 2] },
  });
  it('counts each stage 1 once', () => {
    const one = { seconds: 3600, disk: 100, stage1: { seconds: 3000, disk: 80 } };
    expect(new Set(cells.map(costKey)).size).toBe(1);
    const found = measuredCost(cells, new Map([[costKey(cells[0]!), one]]));
    expect(found).toMatchObject({ cells: 4, trainings: 4, unshared: 8, disk: 240 });
    expect(found.hours).toBeCloseTo(2 + (2 * 600) / 3600, 12);
  });
  it('is what recipes state of a representation, for as many epochs', () => {
    const stated = { ...demo, cost: { hours: 6, on: 'a GPU' } };
    expect(statedCost(cells, new Map([['demo', stated]]))!.hours).toBeCloseTo(24, 12);
    const { cost, ...silent } = stated;
    expect(statedCost(cells, new Map([['demo', silent]]))).toBeUndefined();
  });
  it('is shared out by GPUs or cores, and by memory', () => {
    const four = planned({ seeds: 4 });
    expect(sharesOf(four, { env: {}, cores: 6 })).toEqual(Array(4).fill({ OMP_NUM_THREADS: '1' }));
    expect(sharesOf(four, { env: { OMP_NUM_THREADS: '3' }, cores: 6 })).toHaveLength(2);
    expect(sharesOf(four, { env: { CUDA_VISIBLE_DEVICES: '2,5' }, cores: 6 })).toEqual([
      { OMP_NUM_THREADS: '3', CUDA_VISIBLE_DEVICES: '2' },
      { OMP_NUM_THREADS: '3', CUDA_VISIBLE_DEVICES: '5' },
    ]);
    const none = sharesOf(planned({ engine: { device: 'cpu' } }), {
      env: { CUDA_VISIBLE_DEVICES: '2' },
      cores: 6,
    });
    expect(none).toEqual([{ OMP_NUM_THREADS: '6' }]);
    expect(fits({ needed: 100, pids: [], available: 125 })).toBe(true);
    expect(fits({ needed: 100, pids: [], available: 124 })).toBe(false);
    const own = process.memoryUsage.rss();
    expect(fits({ needed: 2 * own, pids: [process.pid], available: 2.6 * own })).toBe(false);
  });
});

it('the example of the README is what the README says', async () => {
  const path = join(import.meta.dirname, '../examples/sweep.yaml');
  const { file } = await readSweepFile(path);
  const cells = planned({ ...file, data: undefined });
  expect([cells.length, cells.filter(({ wave }) => wave === 0).length]).toEqual([12, 6]);
  expect(readFileSync(join(import.meta.dirname, '../README.md'), 'utf8')).toContain(
    `\`\`\`yaml\n${readFileSync(path, 'utf8')}\`\`\`\n`,
  );
});
