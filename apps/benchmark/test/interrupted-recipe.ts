/**
 * A recipe of noise that ends its own process where LONGTAIL_INTERRUPT says: `{ at, count, signal }`. `train` and `extract`
 * count pictures, `classify` turns of the event loop once the features are read, `write` what the file system is asked while
 * a representation is saved. Nothing is counted before the run has its `dataset.json`: the check beforehand is no part of it.
 */
import { writeSync } from 'node:fs';
import fs from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { cifarResNet } from '@longtail/backbones';
import { random } from '@longtail/core';
import { type Dataset, inMemory, type Transform } from '@longtail/datasets';
import { cosine } from '@longtail/optim';
import type { Recipe } from '../src/recipe.ts';

export interface Interruption {
  readonly at: 'train' | 'extract' | 'classify' | 'write';
  readonly count: number;
  readonly signal: NodeJS.Signals;
  /** Of several processes the one that is ended; it says when, on stderr. Default: each. */
  readonly rank?: number;
}

const asked = JSON.parse(process.env.LONGTAIL_INTERRUPT ?? 'null') as Interruption | null;
const { PMI_RANK = '0', OMPI_COMM_WORLD_RANK: rank = PMI_RANK } = process.env;
let left = asked?.count ?? 0;
let isBegun = Number(rank) > 0; // the check beforehand is the first one's

function passing(at: Interruption['at']): void {
  if (!asked || !isBegun || asked.at !== at || left-- !== 0) return;
  if (asked.rank !== undefined && asked.rank !== Number(rank)) return;
  if (asked.rank !== undefined) writeSync(2, `ended at ${Date.now()}\n`);
  process.kill(process.pid, asked.signal);
}

const counted =
  (at: Interruption['at']): Transform =>
  (picture) => {
    passing(at);
    return picture;
  };

const isSaved = (path: unknown): boolean => /representation\.[^/]*(tmp|safetensors)$/.test(String(path));
let isRead = false;
function turn(): void {
  passing('classify');
  setImmediate(turn).unref();
}

function watchFiles(): void {
  const { open, link, rename, readFile } = fs;
  const around =
    <Args extends unknown[], Result>(call: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      if (!args.some(isSaved)) return call(...args);
      passing('write');
      const done = await call(...args);
      passing('write');
      return done;
    };
  const [opened, linked, renamed] = [around(open), around(link), around(rename)];
  const files = {
    open: opened,
    link: linked,
    async rename(from: string, to: string) {
      await renamed(from, to);
      isBegun ||= /dataset\.json$/.test(to) && !/longtail-check-/.test(to);
    },
    async readFile(...args: Parameters<typeof readFile>) {
      if (isBegun && !isRead && /features\.safetensors$/.test(String(args[0]))) {
        isRead = true;
        turn();
      }
      return readFile(...args);
    },
  };
  Object.assign(fs, files);
  syncBuiltinESMExports();
}
if (asked) watchFiles();

export function noise(name: 'train' | 'test', counts: readonly number[]): Dataset {
  const labels = counts.flatMap((count, c) => Array<number>(count).fill(c));
  const { uniform } = random(0, name);
  const pixels = Uint8Array.from({ length: labels.length * 8 * 8 * 3 }, () => 256 * uniform());
  return inMemory(name, { pixels, labels, classNames: ['a', 'b', 'c'], shape: [8, 8, 3] });
}

const recipe: Recipe = {
  name: 'interrupted',
  summary: 'noise, and a process that ends where it is told to',
  needsData: false,
  options: {
    epochs: 3,
    batchSize: 4,
    samplers: 'instance-balanced',
    headEpochs: 3,
    headBatchSize: 8,
  },
  statistics: { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] },
  augment: counted('train'),
  evaluate: counted('extract'),
  data: async () => ({ train: noise('train', [12, 6, 3]), test: noise('test', [3, 3, 3]) }),
  backbone: ({ seed }) => cifarResNet({ depth: 8, seed }),
  schedule: ({ learningRate, epochs }) => cosine(learningRate, { epochs }),
};
export default recipe;
