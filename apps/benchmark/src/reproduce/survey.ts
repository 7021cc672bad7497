/** What there is of a planned run on the disk: taken where it is whole, gone on with where it is not, refused where it is another. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '@longtail/core';
import { optionsOf } from '../recipe-options.ts';
import { isBegun, openRun, type RunSettings } from '../run-directory.ts';
import { runStatus, type StageState } from '../run-status.ts';
import { samplerLabel } from '../samplers.ts';
import type { WantedRun } from './plan.ts';

export interface PlannedRun extends WantedRun {
  readonly folder: string;
  readonly settings: RunSettings;
}

interface SurveyedSampler {
  readonly sampler: string;
  readonly train: StageState;
  readonly epoch: number;
  /** Whether its classifiers are there, too. */
  readonly isDone: boolean;
}

export interface SurveyedRun extends PlannedRun {
  readonly state: 'missing' | 'begun' | 'done';
  readonly samplers: readonly string[];
  readonly there: readonly SurveyedSampler[];
}

/** @throws UsageError naming the first option that differs: what somebody has computed is not done again otherwise */
function expectSame(folder: string, known: RunSettings, asked: RunSettings): void {
  const flat = ({ recipe, seed, options }: RunSettings): Record<string, unknown> => ({
    recipe,
    seed,
    ...optionsOf('train', options),
    ...optionsOf('classify', options),
  });
  const before = flat(known);
  for (const [key, value] of Object.entries(flat(asked)))
    if (before[key] !== value)
      throw new UsageError(
        `${folder} holds a run with ${key}=${before[key]}, but the experiment would have ${key}=${value}; name another folder for its runs with --runs, or ask for the same by --set.`,
        { folder, key },
      );
}

/** What a sampler's folder has of a run that is there. */
const ABSENT = { train: 'missing', epoch: 0, isDone: false } as const;

/**
 * @returns the run with the samplers that are there already added to its own, for a run is finished whole
 * @throws UsageError where the folder holds another run; DataError where its run.json is damaged
 */
export async function surveyed(run: PlannedRun): Promise<SurveyedRun> {
  const { folder, settings } = run;
  const asked = settings.options.samplers.split(',');
  const known = existsSync(join(folder, 'run.json')) ? await openRun(folder) : undefined;
  if (!known || !isBegun(folder, known)) {
    const there = asked.map((name) => ({ sampler: samplerLabel(name), ...ABSENT }));
    return { ...run, state: 'missing', there };
  }
  expectSame(folder, known, settings);
  const samplers = [...new Set([...known.options.samplers.split(','), ...asked])];
  const { samplers: found } = await runStatus(folder);
  if (found.some(({ isOlder }) => isOlder))
    throw new UsageError(
      `${folder} holds a run of an earlier version, which computes other numbers; name another folder for its runs with --runs, or delete it.`,
      { folder },
    );
  const there = samplers.map((name): SurveyedSampler => {
    const one = found.find(({ sampler }) => sampler === samplerLabel(name));
    if (!one) return { sampler: samplerLabel(name), ...ABSENT };
    return { sampler: one.sampler, train: one.train, epoch: one.epoch, isDone: one.classify === 'done' };
  });
  const isOfThese = !settings.data || settings.data === known.data; // else its stamps say whether the pictures are the same
  return {
    ...run,
    settings: {
      ...settings,
      data: settings.data || known.data,
      options: { ...settings.options, samplers: samplers.join(',') },
    },
    state: isOfThese && there.every(({ isDone }) => isDone) ? 'done' : 'begun',
    there,
  };
}
