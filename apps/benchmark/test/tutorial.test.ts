/**
 * docs/tutorials/embeddings.md, done as it says: every command, on its own rows, and what it prints. The leaderboards are those of a few
 * heads, of all in `--mode long`; what the page says of the others is then left out.
 */
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { openArrays, readLabels } from '@longtail/formats';
import { sharedOrSkip } from '@longtail/test-support';
import { launchBrowser } from '@longtail/test-support/browser';
import sharp from 'sharp';
import { afterAll, describe, expect, it, type TestContext } from 'vitest';
import { headNames } from '../src/rebalance/heads.ts';
import { openHeadPage, predictedInPage } from './head-page.ts';
import { CLI } from './longtail.ts';
import { type Block, blocksOf, firstMissing, isAsSaid, printedBy } from './tutorial-page.ts';

const root = join(import.meta.dirname, '../../..');
const page = readFileSync(join(root, 'docs/tutorials/embeddings.md'), 'utf8');
const blocks = blocksOf(page);
const sections = page.split(/^(?=## (?:Has|Save|Another|Use))/m).map(blocksOf);
const folder = mkdtempSync(join(tmpdir(), 'longtail-tutorial-'));
const at = (name: string): string => join(folder, name);
const python = process.env.LONGTAIL_PYTHON;
const browser = await launchBrowser();
afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

const isLong = process.env.MODE === 'long';
const FEW = ['logistic-prior', 'ncm', 'lda', 'ridge'];
/** What is not among the few. */
const OTHERS = new RegExp(
  `(?<![\\w-])(${headNames.filter((name) => !/^logistic/.test(name) && !FEW.includes(name)).join('|')}|logistic-balanced)(?![\\w-])`,
);
const ofFew = (code: string): string =>
  isLong
    ? code
    : code.replace(/^longtail rebalance (?!.*--heads).*$/gm, (line) => {
        const joint = line.includes('--joint') ? ['joint'] : [];
        return `${line} --heads ${[...FEW, ...joint].join(',')}`;
      });

const FILES = {
  'train.npy': 'cifar10_lt100_train_features.npy',
  'train-labels.npy': 'cifar10_lt100_train_labels.npy',
  'test.npy': 'cifar10_test_features.npy',
  'test-labels.npy': 'cifar10_test_labels.npy',
  'joint.npy': 'cifar10_lt100_joint_weight.npy',
};

/** The reader's folder, and the command on the PATH. */
async function setUp(context: TestContext): Promise<NodeJS.ProcessEnv> {
  for (const [name, file] of Object.entries(FILES))
    copyFileSync(sharedOrSkip(context, `data/features/${file}`), at(name));
  for (const part of ['train/bear', 'train/fox', 'test/bear', 'test/fox']) {
    mkdirSync(join(folder, 'pictures', part), { recursive: true });
    const create = { width: 300, height: 260, channels: 3, background: '#406080' } as const;
    await sharp({ create })
      .jpeg()
      .toFile(join(folder, 'pictures', part, '1.jpg'));
  }
  copyFileSync(join(root, 'packages/backbones/test/golden/onnx/any-size.onnx'), at('network.onnx'));
  writeFileSync(at('pictures.ts'), blocks.find(({ language }) => language === 'ts')!.code);
  mkdirSync(at('bin'));
  writeFileSync(at('bin/longtail'), `#!/bin/sh\nexec "${process.execPath}" "${CLI}" "$@"\n`);
  chmodSync(at('bin/longtail'), 0o755);
  const path = [at('bin'), dirname(process.execPath), process.env.PATH].join(':');
  return { PATH: path, LONGTAIL: root };
}

async function hasModules(code: string): Promise<boolean> {
  const imports = code.split('\n').filter((line) => line.startsWith('import '));
  return printedBy(python!, ['-c', imports.join('\n')], { cwd: folder, env: {} }).then(
    () => true,
    () => false,
  );
}

/** One block after another. */
async function follow(lane: readonly Block[], env: NodeJS.ProcessEnv): Promise<void> {
  for (const { language, code, output, notRun } of lane) {
    if (notRun || !/^(sh|python)$/.test(language)) continue;
    if (language === 'python' && !(await hasModules(code))) {
      console.warn(`not run, for want of a module of LONGTAIL_PYTHON:\n${code}`);
      continue;
    }
    const [program, flag] = language === 'sh' ? ['bash', '-euc'] : [python!, '-c'];
    const printed = await printedBy(program, [flag, ofFew(code)], { cwd: folder, env });
    const said = output.filter((line) => isLong || !OTHERS.test(line));
    expect(firstMissing(printed, said), `of\n${code}\nin\n${printed}`).toBeUndefined();
  }
}

/** [N] */
const classesIn = async (file: string): Promise<number[]> =>
  Array.from((await readLabels(at(file), { labels: 'label' })).labels);

describe('the tutorial of embeddings', () => {
  let isDone = false;

  it('is done as it says', { timeout: 300_000 }, async (context) => {
    if (!python) {
      console.warn('skipped: LONGTAIL_PYTHON names no Python with NumPy, which the tutorial uses');
      return context.skip('no LONGTAIL_PYTHON');
    }
    const env = await setUp(context);
    const [first, rows, saved, mix, elsewhere] = sections as [Block[], Block[], Block[], Block[], Block[]];
    const done = async (...lane: Block[][]) => follow(lane.flat(), env);
    // What does not need one another, at once.
    await Promise.all([done(first), done(rows).then(() => Promise.all([done(saved, elsewhere), done(mix)]))]);
    isDone = true;
  });

  it('has sets that hold as much as it says', async ({ skip }) => {
    if (!isDone) return skip('nothing was done');
    await using table = await openArrays(at('sets.csv'));
    const sets = (await table.readTexts('set')).map((text) => JSON.parse(text) as string[]);
    const { labels } = await readLabels(at('test-labels.npy'));
    const truth = labels.filter((_, row) => row % 10 !== 0);
    const held = sets.filter((set, row) => set.includes(String(truth[row]))).length / sets.length;
    const size = sets.reduce((sum, set) => sum + set.length, 0) / sets.length;
    const said = /the right class in [\d.]+ %, with [\d.]+ classes/.exec(page)![0];
    expect(isAsSaid(`the right class in ${100 * held} %, with ${size} classes`, said)).toBe(true);
  });

  it('gives the classes of `longtail predict` in Node and in a browser', async ({ skip }) => {
    if (!isDone) return skip('nothing was done');
    const classes = await classesIn('predictions.csv');
    const inNode = readFileSync(at('classes.txt'), 'utf8').trim().split('\n');
    expect(inNode.slice(-classes.length)).toEqual(classes.map(String));
    if (!browser) return skip('no browser');
    const opened = await openHeadPage(browser, at('predict.html'));
    const csv = await predictedInPage(opened, { head: at('head.safetensors'), rows: at('new.npy') });
    writeFileSync(at('page.csv'), csv);
    expect(await classesIn('page.csv')).toEqual(classes);
    expect(opened.problems).toEqual([]);
  });

  it('says why a block is not run', () => {
    expect(blocks.filter(({ notRun }) => notRun).length).toBe(3);
  });

  it('is compared by numbers that are close, and words that are equal', () => {
    const said = 'ncm *     72.1 +8.7  12,406 rows (...) 0.07 s';
    expect(isAsSaid('ncm * 72.3 +8.5 12,407 rows (one, two) 11.20 s', said)).toBe(true);
    for (const other of ['ncm 72.1 +8.7', 'ncm * 72.6 +8.7', 'ncm * 72.1 -8.7', 'lda * 72.1 +8.7'])
      expect(isAsSaid(`${other} 12,406 rows () 1.00 s`, said)).toBe(false);
    expect([firstMissing('a 1\nb 2', ['a 1', '...', 'b 2']), firstMissing('a 1\nb 2', ['b 2', 'a 1'])]).toEqual([undefined, 'a 1']); // biome-ignore format: one line
  });
});
