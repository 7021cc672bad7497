/** The rows of losses.ts. */
import { join } from 'node:path';
import { loadEngine } from '@longtail/engine';
import { peakOf } from '../turns/peak-memory.ts';
import { type Rival, startRival } from '../turns/rival.ts';
import { tableHead, tableRow } from '../turns/table.ts';
import { cell, median, timed } from '../turns/time.ts';
import { makeLossWork } from './make-work.ts';
import { LOSS_WORKS, type LossWork, nameOf } from './works.ts';

/** Milliseconds of one measurement, at the least. */
const LEAST = 50;

interface How {
  readonly place: number;
  readonly rival: Rival | undefined;
  readonly turns: number;
}

async function measure(work: LossWork, { place, rival, turns }: How): Promise<string> {
  const { ours, naive } = makeLossWork(work);
  const held = peakOf(ours);
  const repeats = Math.ceil(LEAST / (await timed(ours, 1)));
  const times: [number[], number[], number[]] = [[], [], []];
  for (let round = -2; round < turns; round++) {
    const found = [await timed(ours, repeats), await timed(naive, repeats)];
    const answer = await rival?.ask(place, repeats);
    if (round >= 0) [...found, ...(answer?.ms ?? [])].forEach((ms, i) => times[i]!.push(ms));
  }
  const [own, plain, other] = times.map(median) as [number, number, number];
  const against = (ms: number) => [cell(ms, 3), cell(ms / own, 2)];
  return tableRow([nameOf(work), cell(own, 3), ...against(plain), ...against(other), held]);
}

/** @param works with their places in LOSS_WORKS */
export async function timeLosses(
  works: readonly (readonly [place: number, work: LossWork])[],
  turns: number,
): Promise<void> {
  const rival = await startRival(join(import.meta.dirname, 'losses.py'), LOSS_WORKS);
  const { backend, version } = await loadEngine({ backend: 'torch' });
  console.log(`\n${backend} ${version}, value and gradient, medians of ${turns} in turn\n`);
  const columns = ['loss', 'ms', 'plain tfjs', 'speed against it', 'PyTorch', 'speed against it', 'MB'];
  console.log(tableHead(columns));
  for (const [place, work] of works) console.log(await measure(work, { place, rival, turns }));
  await rival?.end();
}
