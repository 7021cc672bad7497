/**
 * Metrics at the size of iNaturalist 2018's validation set, 24,426 rows of 8142 classes, in turn with NumPy and scikit-learn
 * on the same scores. Scores come in chunks of 1024 rows on both sides, where they are needed at all.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { argmax } from '@longtail/metrics';
import type { Command } from 'commander';
import { comparison, partOfName, worksOf } from '../comparison.ts';
import { rounds } from '../environment.ts';
import { peakOf } from '../turns/peak-memory.ts';
import { type Rival, startRival } from '../turns/rival.ts';
import { tableHead, tableRow } from '../turns/table.ts';
import { cell, median, timed, warmed } from '../turns/time.ts';
import { CHUNK, drawScores, keep, numClasses, rows } from './scores.ts';
import { WAYS } from './works.ts';

const TURNS = 9;
/** Milliseconds of one measurement, at the least. */
const LEAST = 50;
const NAMES = Object.keys(WAYS);

interface How {
  readonly place: number;
  readonly rival: Rival | undefined;
  readonly turns: number;
}

async function row(run: () => void, { place, rival, turns }: How): Promise<string> {
  const held = peakOf(run);
  const repeats = Math.ceil(LEAST / warmed(run, LEAST));
  const [own, other]: [number[], number[]] = [[], []];
  let peak = Number.NaN;
  for (let round = -1; round < (repeats === 1 ? Math.min(3, turns) : turns); round++) {
    const ms = await timed(run, repeats);
    const answer = await rival?.ask(place, repeats);
    if (round < 0) continue;
    own.push(ms);
    if (answer) [peak] = [answer.peak[0]!, other.push(answer.ms[0]!)];
  }
  const [ours, theirs] = [median(own), median(other)];
  const figures = [cell(ours, 2), cell(theirs, 2), cell(theirs / ours, 2)];
  return tableRow([NAMES[place]!, ...figures, held, cell(peak)]);
}

async function run(part: string): Promise<void> {
  const works = worksOf(NAMES, part, (name) => name);
  const turns = rounds(TURNS);
  const scores = drawScores();
  const given = { scores, predictions: argmax(scores, { numClasses }) };
  const folder = mkdtempSync(join(tmpdir(), 'longtail-metrics-'));
  process.on('exit', () => rmSync(folder, { recursive: true }));
  const path = keep(scores, folder);
  const rival = await startRival(
    join(import.meta.dirname, 'metrics.py'),
    NAMES.map((name) => ({ name, path, rows, numClasses, chunk: CHUNK })),
    { needs: 'torch and scikit-learn' },
  );
  console.log(`\n${rows} rows of ${numClasses} classes, medians in turn\n`);
  console.log(tableHead(['score', 'ms', 'NumPy or scikit-learn', 'speed against it', 'MB', 'its MB']));
  for (const [place, name] of works)
    console.log(await row(() => void WAYS[name]!(given), { place, rival, turns }));
  await rival?.end();
}

export const metrics: Command = comparison('metrics', {
  what: 'metrics, beside NumPy and scikit-learn',
  takes: '10 min',
  needs: 'torch and scikit-learn',
  turns: TURNS,
})
  .addArgument(partOfName())
  .action(run);
