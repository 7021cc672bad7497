/** How often a training is saved within an epoch: so much is lost at most where its process is killed. */
import { UsageError } from '@longtail/core';

export type SaveEvery = { readonly minutes: number } | { readonly steps: number };

export const USUALLY: SaveEvery = { minutes: 10 };

const FORM = /^(\d+\.?\d*|\.\d+) ?(min|minutes?|steps?)$/;

/**
 * @param text such as "10min", "0.5min" or "200steps"
 * @param options.of where it is from, such as "--save-every"
 * @throws UsageError for anything else, for none, and for parts of a step
 */
export function saveEveryOf(text: string, { of }: { of: string }): SaveEvery {
  const [, number = '', unit = ''] = FORM.exec(text) ?? [];
  const value = Number(number);
  const isSteps = unit.startsWith('step');
  if (!(value > 0) || (isSteps && !Number.isSafeInteger(value)))
    throw new UsageError(
      `${of} takes minutes or steps above 0, such as 10min or 200steps, but got "${text}".`,
    );
  return isSteps ? { steps: value } : { minutes: value };
}

/** What the flag says, else the environment's LONGTAIL_SAVE_EVERY, else ten minutes. @throws UsageError */
export function chosenSaveEvery(flag: string | undefined, env: NodeJS.ProcessEnv = process.env): SaveEvery {
  if (flag !== undefined) return saveEveryOf(flag, { of: '--save-every' });
  const { LONGTAIL_SAVE_EVERY: text } = env;
  return text ? saveEveryOf(text, { of: 'LONGTAIL_SAVE_EVERY' }) : USUALLY;
}

/** Counts what has been done since the last save. */
export function saveClock(every: SaveEvery): { step(): void; saved(): void; isDue(): boolean } {
  let [steps, since] = [0, performance.now()];
  return {
    step() {
      steps++;
    },
    saved() {
      [steps, since] = [0, performance.now()];
    },
    isDue: () =>
      'steps' in every ? steps >= every.steps : performance.now() - since >= every.minutes * 60_000,
  };
}
