/** A run's log, read on from where it was read to before: of a log of hours only what is new. */
import { open } from 'node:fs/promises';
import { type LogEntry, logEntry, logFile } from '../run-log.ts';

/** Points of a curve; of more every second one is left out. */
const MOST_POINTS = 400;

export interface Curve {
  readonly sampler: string;
  /** Images seen, mean loss of the epoch so far, and accuracy on its batches where there is one. */
  readonly points: readonly Point[];
}

type Point = readonly [images: number, loss: number, accuracy: number | null];
/** Of every so many entries one point. */
interface Thinned {
  points: Point[];
  every: number;
  seen: number;
}

export interface Followed {
  readonly last: LogEntry | undefined;
  /** Of the last entry's unit a second, in the process and stage of the last entry; null where it cannot be known yet. */
  readonly rate: number | null;
  readonly curves: readonly Curve[];
}

const isSame = (a: LogEntry, b: LogEntry): boolean =>
  a.pid === b.pid && a.sampler === b.sampler && a.stage === b.stage && a.unit === b.unit;

/** Reads on with each call; from the beginning where the file has become shorter, as a run that starts over has it. */
export function followLog(folder: string): () => Promise<Followed> {
  let offset = 0;
  let first: LogEntry | undefined;
  let last: LogEntry | undefined;
  let curves = new Map<string, Thinned>();

  function take(entry: LogEntry): void {
    const goesBack = last !== undefined && isSame(last, entry) && entry.done < last.done;
    if (!first || !isSame(first, entry) || goesBack) first = entry;
    last = entry;
    if (entry.stage !== 'train' || entry.loss === undefined) return;
    const curve = curves.get(entry.sampler) ?? { points: [], every: 1, seen: 0 };
    curves.set(entry.sampler, curve);
    // A training that was killed has gone on from its checkpoint: what came after that is done again.
    const [reached = 0] = curve.points.at(-1) ?? [];
    if (entry.done <= reached) curve.points = curve.points.filter(([images]) => images < entry.done);
    if (curve.seen++ % curve.every === 0) curve.points.push([entry.done, entry.loss, entry.accuracy ?? null]);
    if (curve.points.length <= MOST_POINTS) return;
    curve.points = curve.points.filter((_, i) => i % 2 === 0);
    curve.every *= 2;
  }

  async function read(): Promise<Followed> {
    const added = await readFrom(logFile(folder), offset);
    if (added === 'shorter') {
      [offset, first, last, curves] = [0, undefined, undefined, new Map()];
      return { last, rate: null, curves: [] };
    }
    offset += added.length;
    for (const entry of added.toString('utf8').split('\n').map(logEntry)) if (entry) take(entry);
    const seconds = first && last ? (Date.parse(last.time) - Date.parse(first.time)) / 1000 : 0;
    const rate = seconds > 0 ? (last!.done - first!.done) / seconds : null;
    return {
      last,
      rate,
      curves: [...curves].map(([sampler, { points }]) => ({ sampler, points: [...points] })),
    };
  }

  // One reading after another: two at once would both begin at the offset.
  let reading: Promise<unknown> = Promise.resolve();
  return () => {
    const next = reading.then(read);
    reading = next.catch(() => undefined);
    return next;
  };
}

/** Bytes of one reading; more come with the next. */
const MOST_BYTES = 16 * 2 ** 20;

/** Whole lines: what follows the last is read again when it has become one, unless it is longer than any line of ours. */
async function readFrom(path: string, offset: number): Promise<Buffer | 'shorter'> {
  const file = await open(path).catch(() => undefined);
  if (!file) return offset > 0 ? 'shorter' : Buffer.alloc(0);
  try {
    const { size } = await file.stat();
    if (size < offset) return 'shorter';
    const bytes = Buffer.alloc(Math.min(size - offset, MOST_BYTES));
    const { bytesRead } = await file.read(bytes, 0, bytes.length, offset);
    const end = bytes.subarray(0, bytesRead).lastIndexOf('\n') + 1;
    return bytes.subarray(0, end === 0 && bytesRead === MOST_BYTES ? bytesRead : end);
  } finally {
    await file.close();
  }
}
