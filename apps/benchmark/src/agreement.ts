/** What of a run may change once there is something of it on disk: the options of stage 2, and more samplers. */
import { UsageError } from '@longtail/core';
import { optionsOf } from './recipe-options.ts';
import type { RunSettings } from './run-directory.ts';

const ELSE = 'name another folder with --out, or start over with --fresh';

/** @throws UsageError naming the first thing of stage 1 that differs, or a sampler that is not asked for any more */
export function mustAgree(folder: string, known: RunSettings, asked: RunSettings): void {
  const flat = ({ recipe, seed, options }: RunSettings): Record<string, unknown> => ({
    recipe,
    seed,
    ...optionsOf('train', options),
  });
  const before = flat(known);
  for (const [key, value] of Object.entries(flat(asked)))
    if (before[key] !== value)
      throw new UsageError(
        `${folder} holds a run with ${key}=${before[key]}, but ${key}=${value} was asked for; ${ELSE}.`,
      );
  const samplers = asked.options.samplers.split(',');
  const lost = known.options.samplers.split(',').find((sampler) => !samplers.includes(sampler));
  if (lost !== undefined)
    throw new UsageError(
      `${folder} holds a run of the sampler ${lost}, which samplers=${asked.options.samplers} leaves out; ${ELSE}.`,
    );
}
