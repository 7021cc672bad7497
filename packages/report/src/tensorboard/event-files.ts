/**
 * Results as TensorBoard's event files, so that they stand beside other trainings: a run a representation (loss, accuracy and
 * learning rate by epoch), and a run a classifier on it (its scores, at the last epoch), whose points so lie in one chart.
 */
import { fileNames } from '../file-name.ts';
import { parseResults } from '../parse-results.ts';
import { type EpochRecord, type Results, type Row, SCORE_NAMES } from '../results.ts';
import { samplersOf } from '../selection.ts';
import { type Scalars, scalarEvent, versionEvent } from './event.ts';
import { tfRecord } from './record.ts';

export interface EventFile {
  /** Below the log folder, with `/`. */
  readonly path: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** One name, so that writing again replaces it; TensorBoard looks for `tfevents` in it. */
const FILE = 'events.out.tfevents.0.longtail';

function encoded(events: readonly Scalars[], start: number): Uint8Array<ArrayBuffer> {
  const records = [versionEvent(start), ...events.map(scalarEvent)].map(tfRecord);
  const all = new Uint8Array(records.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const record of records) {
    all.set(record, at);
    at += record.length;
  }
  return all;
}

function trainingEvents(history: readonly EpochRecord[], start: number): Scalars[] {
  let wallTime = start;
  return history.map(({ epoch, loss, trainAccuracy, learningRate, seconds }) => {
    wallTime += seconds;
    const values = {
      'train/loss': loss,
      'train/accuracy': trainAccuracy,
      'train/learning_rate': learningRate,
    };
    return { wallTime, step: epoch, values };
  });
}

function scoreEvent({ scores }: Row, after: Omit<Scalars, 'values'>): Scalars {
  const values = SCORE_NAMES.flatMap((name) => {
    const score = scores[name];
    return typeof score === 'number' ? [[`test/${name}`, score] as const] : [];
  });
  return { ...after, values: Object.fromEntries(values) };
}

/**
 * @returns for each representation SAMPLER/events... with tags `train/...` where there is a history, and for each classifier
 *   SAMPLER/CLASSIFIER/events... with tags `test/all`, `test/few`, ...; wall times count from the first process of `made`,
 *   from 1970 where there is none
 * @throws DataError for what is not of the form of results
 * @example
 * for (const { path, bytes } of tensorBoardFiles(results)) await writeWhole(join(logs, path), bytes);
 */
export function tensorBoardFiles(results: Results): EventFile[] {
  const checked = parseResults(results);
  const { rows, history = [], made = [] } = checked;
  const start = (Date.parse(made[0]?.date ?? '') || 0) / 1000;
  const samplers = [...new Set([...samplersOf(checked), ...history.map(({ sampler }) => sampler)])];
  const folders = fileNames(samplers);
  return samplers.flatMap((sampler, i) => {
    const training = trainingEvents(
      history.filter((epoch) => epoch.sampler === sampler),
      start,
    );
    const { wallTime = start, step = 0 } = training.at(-1) ?? {};
    const own = rows.filter((row) => row.sampler === sampler);
    const names = fileNames(own.map(({ classifier }) => classifier));
    const scores = own.map((row, j) => ({
      path: `${folders[i]}/${names[j]}/${FILE}`,
      bytes: encoded([scoreEvent(row, { wallTime, step })], start),
    }));
    const train = { path: `${folders[i]}/${FILE}`, bytes: encoded(training, start) };
    return training.length > 0 ? [train, ...scores] : scores;
  });
}
