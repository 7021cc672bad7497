/**
 * How a run goes, as it goes: `metrics.jsonl`, one line of JSON at most a second, and one at the end of each stage of a
 * sampler. Lines are only added, so that a run that was stopped goes on in the same file. A kill may cut a line short, of which
 * readers take no notice; what was done since the last checkpoint is done again and stands there twice, and the latter counts.
 * No number of the results rests on it.
 */
import { appendFileSync, closeSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import type { Progress } from './stages.ts';

/** A {@link Progress}, when, and by which process. */
export interface LogEntry extends Progress {
  /** ISO 8601, UTC. */
  readonly time: string;
  /** Rates are of one process. */
  readonly pid: number;
}

const entrySchema: z.ZodType<LogEntry> = z.object({
  time: z.iso.datetime(),
  pid: z.int(),
  place: z.int(),
  places: z.int(),
  sampler: z.string(),
  stage: z.enum(['train', 'extract', 'classify']),
  done: z.number(),
  total: z.number(),
  unit: z.enum(['img', 'epochs']),
  note: z.string(),
  loss: z.number().exactOptional(),
  accuracy: z.number().exactOptional(),
});

export const logFile = (folder: string): string => join(folder, 'metrics.jsonl');

const BETWEEN_MS = 1000;

/**
 * @param options.onRefused hears once, in a sentence, why a line could not be written; the run goes on without a log
 * @returns what takes every progress, and writes down some
 */
export function runLog(
  folder: string,
  { onRefused }: { onRefused: (why: string) => void },
): (progress: Progress) => void {
  let [last, stage, isOver] = [0, '', false];
  let gap: string | undefined;
  return (progress) => {
    if (isOver) return;
    const now = performance.now(); // the clock of the wall may be set back
    const current = `${progress.sampler} ${progress.stage}`;
    const isEdge = current !== stage || progress.done >= progress.total;
    if (!isEdge && now - last < BETWEEN_MS) return;
    [last, stage] = [now, current];
    const entry: LogEntry = { time: new Date().toISOString(), pid: process.pid, ...progress };
    try {
      gap ??= isCutShort(logFile(folder)) ? '\n' : '';
      appendFileSync(logFile(folder), `${gap}${JSON.stringify(entry)}\n`);
      gap = '';
    } catch (error) {
      isOver = true;
      onRefused(`${(error as Error).message}: the run goes on without its log.`);
    }
  };
}

function isCutShort(path: string): boolean {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size === 0) return false;
  const [file, last] = [openSync(path, 'r'), Buffer.alloc(1)];
  try {
    readSync(file, last, 0, 1, size - 1);
  } finally {
    closeSync(file);
  }
  return last.toString() !== '\n';
}

/** Of one line; undefined where it is no entry: cut short, or empty. */
export function logEntry(line: string): LogEntry | undefined {
  try {
    return entrySchema.safeParse(JSON.parse(line)).data;
  } catch {
    return undefined;
  }
}
