/** What runs the cells of a sweep: a launcher a file. Each starts `longtail sweep run-cell FOLDER INDEX` for every cell. */
import { LongtailError, UsageError } from '@longtail/core';
import { didYouMean } from '../did-you-mean.ts';
import type { Cell, Sweep } from './cell.ts';

export interface LaunchOptions {
  readonly signal: AbortSignal;
  /** Cells at once, at most; the launcher knows best where it is not said. */
  readonly parallel?: number | undefined;
  /** As `run-cell` takes it. */
  readonly saveEvery?: string | undefined;
  /** What the scheduler is told, by the launcher's own keys: `partition=gpu`. */
  readonly settings: Readonly<Record<string, string>>;
  /** Says a sentence on stderr. */
  readonly say: (sentence: string) => void;
}

export interface Launcher {
  /** Keys of `--with` and what each is. */
  readonly settings: Readonly<Record<string, string>>;
  /**
   * @param cells those that are not done and not at work, in the order of their index
   * @returns what has come of it, for stdout
   * @throws the signal's reason once everything that was started here has stopped; LongtailError where a cell failed
   */
  launch(sweep: Sweep, cells: readonly Cell[], options: LaunchOptions): Promise<string>;
  /** By the number of a cell: where it stands in the scheduler's queue. */
  queue?(sweep: Sweep): Promise<ReadonlyMap<number, string>>;
  /** Ends what was launched elsewhere; undefined where nothing was. */
  cancel?(sweep: Sweep, options: Pick<LaunchOptions, 'say'>): Promise<string | undefined>;
}

const LAUNCHERS = {
  local: async () => (await import('./local.ts')).local,
  slurm: async () => (await import('./slurm.ts')).slurmLauncher,
  ray: async () => (await import('./ray.ts')).ray,
  'k8s-yaml': async () => (await import('./k8s-yaml.ts')).k8sYaml,
  'sky-yaml': async () => (await import('./sky-yaml.ts')).skyYaml,
} satisfies Record<string, () => Promise<Launcher>>;

export const launcherNames: readonly string[] = Object.keys(LAUNCHERS);

/** @throws UsageError for a name that there is not */
export async function findLauncher(name: string): Promise<Launcher> {
  if (Object.hasOwn(LAUNCHERS, name)) return LAUNCHERS[name as keyof typeof LAUNCHERS]();
  throw new UsageError(
    `--launcher takes one of ${launcherNames.join(', ')}, but got "${name}"${didYouMean(name, launcherNames)}`,
  );
}

/** Of every launcher, with its name. */
export const everyLauncher = (): Promise<[string, Launcher][]> =>
  Promise.all(
    launcherNames.map(async (name): Promise<[string, Launcher]> => [name, await findLauncher(name)]),
  );

/** Of every launcher that has something in a queue. What a scheduler does not answer, is said. */
export async function queueOf(
  sweep: Sweep,
  { say }: Pick<LaunchOptions, 'say'>,
): Promise<ReadonlyMap<number, string>> {
  const places = new Map<number, string>();
  for (const [, launcher] of await everyLauncher()) {
    const found = await launcher.queue?.(sweep).catch((error: unknown) => {
      if (!(error instanceof LongtailError)) throw error;
      say(error.message);
      return undefined;
    });
    for (const [index, place] of found ?? []) places.set(index, place);
  }
  return places;
}

/** @throws UsageError for a key that the launcher does not know */
export function launchSettings(
  given: readonly string[],
  { settings }: Launcher,
  { launcher }: { launcher: string },
): Record<string, string> {
  const keys = Object.keys(settings);
  return Object.fromEntries(
    given.map((setting) => {
      const [key = '', ...rest] = setting.split('=');
      if (keys.includes(key) && rest.length > 0) return [key, rest.join('=')];
      const known = keys.length > 0 ? `one of the keys ${keys.join(', ')}` : 'nothing';
      throw new UsageError(
        `--with takes, for ${launcher}, key=value with ${known}, but got "${setting}"${didYouMean(key, keys)}`,
      );
    }),
  );
}
