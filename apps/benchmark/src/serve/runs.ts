/** The runs under a folder: which there are, how far each is, and what it found. */
import { lstatSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import type { Results } from '../results.ts';
import { resultsSchema } from '../results-schema.ts';
import { openRun } from '../run-directory.ts';
import { runHolder } from '../run-lock.ts';
import { type Curve, type Followed, followLog } from './follow-log.ts';

/** What the page shows of a run. */
export interface RunState {
  /** Below the folder that is served, with `/`; '' for that folder itself. */
  readonly path: string;
  readonly state: 'running' | 'finished' | 'stopped' | 'damaged';
  readonly recipe: string;
  readonly seed: number | null;
  /** Why it cannot be read. */
  readonly problem?: string;
  /** What is under way, or was last. */
  readonly now: {
    readonly title: string;
    readonly note: string;
    readonly done: number;
    readonly total: number;
    readonly unit: string;
    /** Of the unit, a second. */
    readonly rate: number | null;
    /** Of this stage of this sampler. */
    readonly secondsLeft: number | null;
  } | null;
  readonly curves: readonly Curve[];
  readonly rows: readonly Pick<Results['rows'][number], 'sampler' | 'classifier' | 'scores'>[];
  /** Which of the files that are served it has. */
  readonly files: readonly ServedFile[];
}

/** Nothing else of a run is ever sent. */
export const SERVED = ['report.html', 'results.json', 'run.json', 'metrics.jsonl'] as const;
export type ServedFile = (typeof SERVED)[number];

/** In the folder itself: a link could lead anywhere. */
const isFile = (folder: string, name: string): boolean =>
  lstatSync(join(folder, name), { throwIfNoEntry: false })?.isFile() ?? false;

const DEPTH = 4;

/** Folders with a `run.json`, without following links, so that none is outside. */
async function runFolders(root: string, depth = DEPTH): Promise<string[]> {
  if (isFile(root, 'run.json')) return [root];
  if (depth === 0) return [];
  const inside = await readdir(root, { withFileTypes: true }).catch(() => []);
  const folders = inside.filter(
    (one) => one.isDirectory() && !one.name.startsWith('.') && one.name !== 'node_modules',
  );
  const found = await Promise.all(folders.map(({ name }) => runFolders(join(root, name), depth - 1)));
  return found.flat();
}

async function resultsOf(folder: string): Promise<RunState['rows']> {
  const text = await readFile(join(folder, 'results.json'), 'utf8').catch(() => 'null');
  const { data } = resultsSchema.safeParse(parsed(text));
  return data
    ? data.rows.map(({ sampler, classifier, scores }) => ({
        sampler,
        classifier,
        scores: { ...scores, perClass: [] },
      }))
    : [];
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function nowOf({ last, rate }: Followed): RunState['now'] {
  if (!last) return null;
  const { place, places, sampler, stage, note, done, total, unit } = last;
  const secondsLeft = rate !== null && rate > 0 ? (total - done) / rate : null;
  return { title: `${place}/${places} ${sampler} ${stage}`, note, done, total, unit, rate, secondsLeft };
}

/**
 * @param root any folder
 * @returns what looks at all runs below it, each time anew, in the order of their paths
 */
export function watchRuns(root: string): () => Promise<RunState[]> {
  const followers = new Map<string, () => Promise<Followed>>();
  return async () => {
    const folders = (await runFolders(root)).sort();
    for (const known of followers.keys()) if (!folders.includes(known)) followers.delete(known);
    return Promise.all(
      folders.map(async (folder) => {
        const follow = followers.get(folder) ?? followLog(folder);
        followers.set(folder, follow);
        return stateOf(folder, {
          path: relative(root, folder).split(sep).join('/'),
          followed: await follow(),
        });
      }),
    );
  };
}

async function stateOf(
  folder: string,
  { path, followed }: { path: string; followed: Followed },
): Promise<RunState> {
  const files = SERVED.filter((file) => isFile(folder, file));
  const rows = files.includes('results.json') ? await resultsOf(folder) : [];
  const seen = { path, now: nowOf(followed), curves: followed.curves, rows, files };
  try {
    const { recipe, seed } = await openRun(folder);
    const held = (await runHolder(folder)) !== undefined;
    return { ...seen, recipe, seed, state: held ? 'running' : rows.length > 0 ? 'finished' : 'stopped' };
  } catch (error) {
    return { ...seen, recipe: '', seed: null, state: 'damaged', problem: (error as Error).message };
  }
}
