/** A progress bar on stderr; where that is no terminal, a line now and then. */
import { Presets, SingleBar } from 'cli-progress';

export interface Bar {
  /** Starts the bar with the first call; after `stop` nothing is drawn. */
  readonly update: (done: number, total: number, values?: Record<string, string | number>) => void;
  readonly stop: () => void;
}

/** @param format as cli-progress has it; `{rate}` is units a second since the start */
export function bar(format: string): Bar {
  let started: { bar: SingleBar; at: number; from: number } | undefined;
  let stopped = false;
  return {
    update(done, total, values = {}) {
      if (stopped) return;
      if (!started) {
        const drawn = new SingleBar(
          {
            format,
            stream: process.stderr,
            noTTYOutput: true,
            notTTYSchedule: 5000,
            hideCursor: true,
            barsize: 24,
            etaBuffer: 50,
          },
          Presets.shades_classic,
        );
        drawn.start(total, 0, { rate: '-', ...values });
        started = { bar: drawn, at: performance.now(), from: done };
      }
      const seconds = (performance.now() - started.at) / 1000;
      const rate = (done - started.from) / seconds; // of this process: a resumed run begins further on
      started.bar.update(done, {
        rate: seconds > 0.5 && rate > 0 ? rate.toFixed(rate < 10 ? 1 : 0) : '-',
        ...values,
      });
    },
    stop() {
      stopped = true;
      started?.bar.stop();
    },
  };
}
