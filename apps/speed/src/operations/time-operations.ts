/** The rows of operations.ts. */
import { join } from 'node:path';
import { type Engine, loadEngine } from '@longtail/engine';
import * as tf from '@tensorflow/tfjs-core';
import { peakOf } from '../turns/peak-memory.ts';
import { type Rival, startRival } from '../turns/rival.ts';
import { tableHead, tableRow } from '../turns/table.ts';
import { cell, fastest, median, timed, warmed } from '../turns/time.ts';
import { makeWork } from './make-work.ts';
import { WORKS, type Work } from './works.ts';

interface How {
  readonly place: number;
  readonly rival: Rival | undefined;
  readonly turns: number;
}

async function measure(work: Work, { place, rival, turns }: How): Promise<string> {
  const { name, least = 50 } = work;
  const run = makeWork(work);
  const held = peakOf(run);
  const repeats = Math.ceil(least / warmed(run, least));
  const [own, theirs] = [[] as number[], [[], []] as [number[], number[]]];
  let memory: number[] = [];
  for (let round = -2; round < turns; round++) {
    const ms = await timed(run, repeats);
    const answer = await rival?.ask(place, repeats);
    if (round < 0) continue;
    own.push(ms);
    answer?.ms.forEach((time, layout) => theirs[layout]!.push(time));
    memory = answer?.peak ?? [];
  }
  tf.disposeVariables();
  const medians = theirs.map(median);
  const best = fastest(medians.filter((ms) => !Number.isNaN(ms)));
  const speeds = [best, medians[0]!].map((ms) => cell(ms / median(own), 2));
  const other = memory[medians.indexOf(best)] ?? Number.NaN;
  return tableRow([name, cell(median(own), 2), cell(best, 2), ...speeds, held, cell(other)]);
}

const title = ({ backend, version, autocast }: Engine, turns: number): string =>
  `${backend} ${version}${autocast ? ` in ${autocast}` : ''}, medians of ${turns} in turn`;

/** @param works with their places in WORKS */
export async function timeOperations(
  works: readonly (readonly [place: number, work: Work])[],
  turns: number,
): Promise<void> {
  const rival = await startRival(join(import.meta.dirname, 'operations.py'), WORKS);
  for (const autocast of [undefined, 'bfloat16'] as const) {
    const wanted = works.filter(([, work]) => Boolean(work.autocast) === Boolean(autocast));
    if (wanted.length === 0) continue;
    if (tf.findBackendFactory('torch')) tf.removeBackend('torch');
    const engine = await loadEngine({ backend: 'torch', autocast }).catch((error: Error) => error.message);
    if (typeof engine === 'string') {
      console.error(`left out: ${engine}`);
      continue;
    }
    const columns = ['work', 'ms', 'PyTorch, better layout', 'speed against it', 'against channels_last'];
    console.log(`\n${title(engine, turns)}\n`);
    console.log(tableHead([...columns, 'MB', 'PyTorch MB']));
    for (const [place, work] of wanted) console.log(await measure(work, { place, rival, turns }));
  }
  await rival?.end();
}
