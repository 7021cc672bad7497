/** A progress bar on stderr, of the terminal's width; where lines cannot be drawn over, a line now and then. */

import { duration } from '@longtail/report/results';
import { type Options, type Params, SingleBar } from 'cli-progress';
import { canRedraw, columnsOf, hushed } from './terminal.ts';

export interface Bar {
  /** Starts the bar with the first call; after `stop` nothing is drawn. */
  readonly update: (done: number, total: number, values?: { readonly note?: string }) => void;
  readonly stop: () => void;
}

export interface BarOptions {
  /** What is counted: `pictures`, `MB`. */
  readonly unit: string;
  /** Whether how many are done is shown: `300/12,000 pictures`. */
  readonly counts?: boolean;
  /** Columns that the title takes, so that bars stand below one another. */
  readonly titleWidth?: number;
}

const [LONGEST_BAR, SHORTEST_BAR] = [24, 6];
const SCHEDULE_WITHOUT_TERMINAL = 5000; // ms

/** Units a second, of which there are more than none. */
const rateText = (rate: number): string => (rate > 0 ? rate.toFixed(rate < 10 ? 1 : 0) : '-');

const etaText = (eta: unknown): string =>
  typeof eta === 'number' ? duration(Math.max(eta, 1)).replace('.0', '') : '-';

/** The parts of a line; of those that the terminal is too narrow for, the note goes first. */
function line(
  { title, note, facts, eta }: { title: string; note: string; facts: string; eta: string },
  { columns, titleWidth, draw }: { columns: number; titleWidth: number; draw: (width: number) => string },
): string {
  const around = (width: number, shown: string) =>
    `${title.padEnd(width)} ${draw(LONGEST_BAR)} ${[facts, shown, eta].filter((part) => part !== '').join('  ')}`;
  const candidates = [around(titleWidth, note), around(0, note), around(0, '')];
  const fitting = candidates.find((text) => text.length - LONGEST_BAR + SHORTEST_BAR <= columns);
  const text = fitting ?? candidates.at(-1)!;
  const size = Math.max(SHORTEST_BAR, LONGEST_BAR - Math.max(0, text.length - columns));
  return text.replace(draw(LONGEST_BAR), draw(size));
}

/**
 * @param title what is under way
 * @example
 * const progress = bar('reading', { unit: 'pictures', counts: true });
 * progress.update(300, 12_000);
 * progress.stop();
 */
export function bar(title: string, { unit, counts = false, titleWidth = 0 }: BarOptions): Bar {
  let started: { bar: SingleBar; at: number; from: number } | undefined;
  let stopped = hushed();
  const redraws = canRedraw(process.stderr);

  function format(_: Options, { value, total, progress, eta }: Params, payload: { note?: string }) {
    const seconds = (performance.now() - started!.at) / 1000;
    const rate = seconds > 0.5 ? (value - started!.from) / seconds : 0; // of this process: a resumed run begins further on
    const count = counts ? `${value}/${total} ${unit}  ` : '';
    return line(
      {
        title,
        note: payload.note ?? '',
        facts: `${count}${rateText(rate)} ${unit}/s`,
        eta: value >= total ? `in ${duration(seconds)}` : `ETA ${etaText(rate > 0 ? eta : undefined)}`,
      },
      {
        titleWidth,
        columns: columnsOf(process.stderr) ?? Number.POSITIVE_INFINITY,
        draw: (width) => {
          const full = Math.round(progress * width);
          return '█'.repeat(full) + '░'.repeat(width - full);
        },
      },
    );
  }

  return {
    update(done, total, values = {}) {
      if (stopped) return;
      if (!started) {
        const stream = redraws ? process.stderr : notATerminal(process.stderr);
        const drawn = new SingleBar({
          format,
          stream,
          noTTYOutput: true,
          notTTYSchedule: SCHEDULE_WITHOUT_TERMINAL,
          hideCursor: true,
          etaBuffer: 50,
        });
        started = { bar: drawn, at: performance.now(), from: done };
        drawn.start(total, 0, values);
      }
      started.bar.update(done, values);
    },
    stop() {
      stopped = true;
      started?.bar.stop();
    },
  };
}

/** The same stream, to be written to from top to bottom. */
const notATerminal = (stream: NodeJS.WriteStream): NodeJS.WriteStream =>
  Object.create(stream, { isTTY: { value: false } });
