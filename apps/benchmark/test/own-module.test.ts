/** Recipe, sampler and loss of one's own, in a folder outside of the repository, through the real command. */
import { execFile } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { torchLibrary } from '@longtail/test-support';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { longtail } from './longtail.ts';

const REPOSITORY = join(import.meta.dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'longtail-own-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);

const SHORT = ['epochs=1', 'imagesPerEpoch=32', 'headEpochs=1'];
/** Stage 1 in the folder of the modules. */
const train = (recipe: string, out: string, ...set: string[]) =>
  longtail(['train', recipe, '--out', out, '--set', ...SHORT, ...set], { cwd: folder });

const SAMPLER = `
import { classCounts } from '@longtail/core';
import type { MakeSampler } from '@longtail/benchmark';
import { classBalanced } from '@longtail/samplers';

const mine: MakeSampler = (labels, { seed }) => ({
  ...classBalanced(labels, { seed }),
  name: \`class-balanced of \${classCounts(labels).length} classes\`,
});
export default mine;
`;
const LOSS = `
import type { MakeLoss } from '@longtail/benchmark';
import { crossEntropy } from '@longtail/losses';
import * as tf from '@tensorflow/tfjs-core';

/** Twice the cross-entropy. */
const mine: MakeLoss = () => {
  if (tf.getBackend() !== 'torch') throw new Error(\`another tfjs: \${tf.getBackend()}\`);
  const loss = crossEntropy();
  return (logits, labels, context) => tf.mul(2, loss(logits, labels, context)) as tf.Scalar;
};
export default mine;
`;
const recipeText = readFileSync(join(import.meta.dirname, '../recipes/demo.ts'), 'utf8');

beforeAll(() => {
  write('package.json', '{ "type": "module" }');
  write('sampler.ts', SAMPLER);
  write('loss.ts', LOSS);
  write('recipe.ts', recipeText.replace(/'\.\.\/src\/recipe.*\.ts'/, "'@longtail/benchmark'"));
});

const hasTorch = torchLibrary() !== undefined;

describe.runIf(hasTorch)('modules that import @longtail/... and tfjs', { timeout: 300_000 }, () => {
  it('are a recipe, a sampler and a loss', async () => {
    const ended = await train('./recipe.ts', 'all', 'samplers=./sampler.ts', 'loss=./loss.ts');
    expect([ended.code, ended.stderr]).toEqual([0, expect.stringMatching(/sampler train/)]);
    expect(existsSync(join(folder, 'all/sampler/representation.safetensors'))).toBe(true);
  });

  it('may be CommonJS, and import all of tfjs, which is the one that trains', async () => {
    write(
      'loss.cjs',
      `const tf = require('@tensorflow/tfjs');
      const { crossEntropy } = require('@longtail/losses');
      module.exports = () => {
        if (tf.getBackend() !== 'torch') throw new Error('another tfjs');
        return crossEntropy();
      };`,
    );
    const ended = await train('demo', 'cjs', 'samplers=instance-balanced', 'loss=./loss.cjs');
    expect([ended.code, ended.stderr]).toEqual([0, expect.any(String)]);
  });
});

/** Errors of modules, many in one process: `find` is what is asked of each, of src/. */
async function errorsOf(
  cases: readonly (readonly [what: What, text: string, message: string])[],
): Promise<string[]> {
  for (const [i, [, text]] of cases.entries()) write(`bad-${i}.ts`, text);
  const source = (file: string) => JSON.stringify(join(import.meta.dirname, '../src', file));
  const program = `
    import { loadEngine } from '@longtail/engine';
    import { findDataset } from ${source('datasets.ts')};
    import { findLoss } from ${source('losses.ts')};
    import { findRecipe } from ${source('recipes.ts')};
    import { findSampler } from ${source('samplers.ts')};
    const { tf } = await loadEngine({ backend: 'wasm' });
    const [labels, run] = [Int32Array.of(0, 1), { seed: 0, epochs: 1 }];
    const use = {
      dataset: findDataset,
      recipe: findRecipe,
      sampler: async (path) => (await findSampler(path))(labels, run).indices(0),
      loss: async (path) =>
        (await findLoss(path)).default(labels, run)(tf.zeros([2, 3]), tf.tensor1d([0, 1], 'int32'), { epoch: 0, step: 0 }),
    };
    const errors = [];
    for (const [i, what] of ${JSON.stringify(cases.map(([what]) => what))}.entries())
      errors.push(await use[what]('bad-' + i + '.ts').then(() => 'none', ({ name, message }) => name + ': ' + message));
    console.log(JSON.stringify(errors));
    process.exit(); // the threads of wasm would keep it`;
  const file = join(import.meta.dirname, `errors-of-${process.pid}.mjs`); // here, for the imports
  writeFileSync(file, program);
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [file], { cwd: folder });
    return JSON.parse(stdout.trim().split('\n').at(-1)!);
  } finally {
    rmSync(file);
  }
}
type What = 'dataset' | 'recipe' | 'sampler' | 'loss';

it('a module that cannot be used is named, with the line where there is one', async () => {
  mkdirSync(join(folder, 'node_modules/@longtail/metrics'), { recursive: true });
  write('node_modules/@longtail/metrics/package.json', '{ "type": "module", "exports": "./index.js" }');
  write('node_modules/@longtail/metrics/index.js', 'export {};');
  const loading = (line: string, why: string) => `loading BAD${line} failed (${why}`;
  const cases: [What, text: string, message: string][] = [
    ['sampler', 'export default (labels => { ;', loading(':1', 'SyntaxError: ')],
    [
      'sampler',
      "import { nope } from '@longtail/samplers';",
      loading(':1', 'SyntaxError: The requested module'),
    ],
    ['loss', "import '@longtail/nope';", loading('', "Cannot find package '@longtail/nope'")],
    ['recipe', "import './other.ts';", loading('', "Cannot find module '")],
    ['dataset', "const a = 1;\nthrow new Error('at once');", loading(':2', 'at once)')],
    ['loss', 'throw 3;', loading('', '3)')],
    ['sampler', 'enum A { B }', loading(':1', 'SyntaxError: TypeScript enum is not supported')],
    // what is installed beside a module is what it imports
    [
      'sampler',
      "import { evaluate } from '@longtail/metrics';",
      loading(':1', 'SyntaxError: The requested module'),
    ],

    [
      'sampler',
      'export const sampler = 1;',
      'sampler as the default export of BAD, but there is only sampler.',
    ],
    ['loss', 'export {};', 'loss as the default export of BAD, but it has none.'],
    ['recipe', 'export default {};', 'schedule }) as the default export of BAD, but it is an object.'],
    ['dataset', 'export default 3;', 'expected { open } as the default export of BAD, but it is 3.'],

    [
      'sampler',
      'export default () => ({ name: "x" });',
      'return a sampler ({ name, length, indices }), but it gave an object.',
    ],
    [
      'sampler',
      '\nexport default () => { throw new RangeError("in"); }',
      'making the sampler of BAD:2 failed (RangeError: in)',
    ],
    [
      'sampler',
      '\nexport default (l) => ({ name: "x", length: 1, indices: () => l.a.b });',
      'drawing by BAD:2 failed (TypeError: Cannot read properties of undefined',
    ],
    [
      'loss',
      'export default () => 4;',
      'default export of BAD to return a loss ((logits, labels) => scalar), but it gave 4.',
    ],
    [
      'loss',
      'export default () => () => 4;',
      'expected the loss of BAD to be a scalar tensor, but it gave 4.',
    ],
    [
      'loss',
      'export default () => (z) => z;',
      'the loss of BAD to be a scalar tensor, but it gave one of shape [2,3].',
    ],
    [
      'loss',
      '\nexport default () => (z) => z.a();',
      'the loss of BAD:2 failed (TypeError: z.a is not a function)',
    ],
    [
      'loss',
      'export const logits = "x";\nexport default () => 4;',
      'logits of BAD to be linear or cosine, but it is "x".',
    ],
  ];
  const errors = await errorsOf(cases);
  expect(errors.map((error, i) => [cases[i]![1], error])).toEqual(
    cases.map(([, text, message], i) => [
      text,
      expect.stringContaining(message.replace('BAD', `bad-${i}.ts`)),
    ]),
  );
  for (const error of errors) expect(error).toMatch(/^UsageError: [^\n]+\.$/);
}, 180_000);

it('the command ends with 2, and shows where with --verbose', async () => {
  write('bad.ts', "\nthrow new Error('at once');");
  const stats = ['data', 'stats', './bad.ts', '--data', '.'];
  const { code, stderr } = await longtail(stats, { cwd: folder });
  expect([code, stderr]).toEqual([
    2,
    expect.stringMatching(/^loading \.\/bad\.ts:2 failed \(at once\); .*--verbose.*\n$/),
  ]);
  const verbose = await longtail(['--verbose', ...stats], { cwd: folder });
  expect(verbose.stderr).toMatch(/^caused by Error: at once\n +at file:\/\/\/\S+bad\.ts:2:7$/m);
}, 180_000);

it('an editor finds the types by the tsconfig.json of the README', async () => {
  const readme = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
  const [, config] = /```json\n(\{\n {2}"extends"[\s\S]*?)```/.exec(readme) ?? [];
  write('tsconfig.json', config!.replaceAll('/path/to/longtail', REPOSITORY));
  const tsc = (...files: string[]) =>
    promisify(execFile)(join(REPOSITORY, 'node_modules/.bin/tsc'), ['-p', folder, ...files]).then(
      () => '',
      (error) => String(error.stdout),
    );
  for (const name of readdirSync(folder).filter((file) => file.startsWith('bad-')))
    rmSync(join(folder, name));
  write('bad.ts', 'export {};');
  expect(await tsc()).toBe('');
  write(
    'bad.ts',
    "import { squareRoot } from '@longtail/samplers';\nexport const wrong: number = squareRoot;",
  );
  expect(await tsc()).toMatch(/bad\.ts\(2,14\): error TS2322: Type '\(labels: LabelList/);
}, 180_000);
