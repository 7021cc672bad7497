/** `--dry-run`: every stage on a few pictures, two steps as they would be, and what the whole run would take. */
import { counted, duration, size } from '@longtail/report/results';
import { type Estimate, estimate } from '../estimate.ts';
import type { Recipe } from '../recipe.ts';
import { retrainedNames } from '../retrained-parts.ts';
import type { RunSettings } from '../run-directory.ts';
import { samplerNames } from '../samplers.ts';
import { check } from './check.ts';
import { type EngineFlags, engineOf, picturesOf } from './context.ts';
import { print, printJson } from './terminal.ts';

/** Nothing is written where the run would lie. @throws as check */
export async function dryRun(
  recipe: Recipe,
  { folder, settings }: { folder: string; settings: RunSettings },
  { engine: flags, signal, json = false }: { engine: EngineFlags; signal: AbortSignal; json?: boolean },
): Promise<void> {
  const engine = await engineOf(flags, { signal });
  const reading = picturesOf(recipe, settings);
  const run = { folder, settings, recipe, engine, signal, data: () => reading, onProgress: () => {} };
  const found = await estimate(run, await check(run));
  if (json) printJson(found);
  else print(text(found, run));
}

function text(
  { seconds, step, stage2, retrained, memory, disk, free }: Estimate,
  { folder, settings }: { folder: string; settings: RunSettings },
): string {
  const networks = samplerNames(settings.options.samplers).length;
  const steps = counted(step.steps, 'step', 'steps');
  const room = free === undefined ? '' : `, where ${size(free)} are free`;
  const seen = stage2 && counted(stage2.pictures, 'picture', 'pictures');
  const learned = stage2 ? `; for cRT and LWS ${seen} of ${stage2.seconds.toPrecision(2)} s` : '';
  const names = retrainedNames(settings.options).join(', ');
  const more = retrained && counted(retrained.pictures, 'picture', 'pictures');
  const again = retrained ? `; to re-train ${names} ${more} of ${retrained.seconds.toPrecision(2)} s` : '';
  return [
    `time    about ${duration(seconds)}: ${counted(networks, 'representation', 'representations')}, ${steps} of ${step.seconds.toPrecision(2)} s${learned}${again}`,
    `memory  about ${size(memory)}`,
    `disk    about ${size(disk)} in ${folder}${room}`,
  ].join('\n');
}
