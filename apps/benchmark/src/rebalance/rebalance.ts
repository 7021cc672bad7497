/** `longtail rebalance`: files in; audit, leaderboard and the recommended head out. */
import { UsageError } from '@longtail/core';
import type { GroupRule } from '@longtail/metrics';
import { audit, type Finding } from './audit.ts';
import { writeFindings, writeSuspects } from './audit-files.ts';
import { sizeNotes } from './feature-size.ts';
import { finiteParts, named } from './finite-parts.ts';
import { chosenHeads, type HeadRow } from './heads.ts';
import { jointHead } from './joint-head.ts';
import { type KnownParts, knownClasses } from './known-classes.ts';
import { type Leaderboard, type LeaderboardOptions, leaderboard } from './leaderboard.ts';
import { notesOf } from './notes.ts';
import { priorOf } from './prior-option.ts';
import { type PartFlags, type Parts, readParts } from './read-parts.ts';
import { type Recommendation, recommend } from './recommend.ts';
import { saveHead } from './save-head.ts';
import { checkSelect, type FeaturesFrom, type Select } from './selection.ts';
import { readSlices, type Slice, slicesOf } from './slices.ts';
import { type Suspects, suspectsOf } from './suspects.ts';

export interface RebalanceOptions extends PartFlags {
  readonly heads?: string | undefined;
  readonly head?: string | undefined;
  readonly groupRule: GroupRule;
  readonly prior: string;
  readonly featuresFrom: FeaturesFrom;
  readonly select?: Select | undefined;
  readonly joint?: string | undefined;
  readonly dropBad: boolean;
  /** A folder. */
  readonly audit?: string | undefined;
  /** Whether wrong labels and outliers are looked for without a folder, too. Default: no. */
  readonly suspects?: boolean;
  readonly slices?: string | undefined;
  readonly save?: string | undefined;
  readonly seed: number;
  readonly seeds?: number;
  readonly command: string;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number, head: string) => void;
}

export interface Rebalanced {
  readonly parts: KnownParts;
  readonly findings: readonly Finding[];
  /** Where they were looked for. */
  readonly suspects?: Suspects;
  readonly notes: readonly string[];
  readonly board: Leaderboard;
  readonly slices: readonly Slice[];
  readonly recommended: Recommendation;
  /** The name of the head that is in `--save`. */
  readonly saved?: string;
}

function checkHead({ head, joint }: RebalanceOptions, heads: readonly HeadRow[]): void {
  if (head === undefined) return;
  chosenHeads(head, { hasJoint: joint !== undefined });
  const names = heads.map(({ name }) => name);
  if (!names.includes(head))
    throw new UsageError(`--head ${head} is not among the heads ${names.join(', ')}; add it to --heads.`);
}

/** Of rows as they were given, before any is left out. @throws DataError where the table has others */
async function slicing(
  { train, test }: Parts,
  path: string | undefined,
): Promise<(board: Leaderboard) => Slice[]> {
  if (path === undefined) return () => [];
  const { places } = test ?? train;
  const columns = await readSlices(path, { rows: places.length });
  const order = new Map(Array.from(places, (place, i) => [place, i]));
  return (board) => slicesOf(columns, { ...board, places: board.places.map((place) => order.get(place)!) });
}

async function suspectsFor(parts: KnownParts, options: RebalanceOptions): Promise<Suspects | undefined> {
  const { audit: folder, suspects: wanted = folder !== undefined } = options;
  const found = wanted || folder !== undefined ? await suspectsOf(parts, options) : undefined;
  if (folder !== undefined) await writeSuspects(folder, found!);
  return found;
}

async function boardOf(
  parts: KnownParts,
  heads: readonly HeadRow[],
  options: RebalanceOptions,
): Promise<Pick<Rebalanced, 'board' | 'recommended' | 'saved'>> {
  const { groupRule, featuresFrom, select, seed, seeds = 1, signal, onProgress, command } = options;
  const prior = await priorOf(options.prior, parts.classNames);
  const joint = options.joint === undefined ? undefined : await jointHead(options.joint, parts);
  try {
    const fitting: LeaderboardOptions = {
      ...{ heads, groupRule, featuresFrom, select, seed, seeds, signal, onProgress, prior, joint },
    };
    const board = await leaderboard(parts, fitting);
    const recommended = recommend(board, { seed });
    if (options.save === undefined) return { board, recommended };
    const saved = options.head ?? recommended.head;
    const refused = board.leftOut.find(({ name }) => name === saved);
    if (refused) throw new UsageError(`--head ${saved} cannot be saved: ${refused.reason}`);
    await saveHead(options.save, heads.find(({ name }) => name === saved)!, parts, { ...fitting, command });
    return { board, recommended, saved };
  } finally {
    joint?.dispose();
  }
}

/** Heads are judged by the mean of the classes' accuracies, whatever the shares. */
const mixNotes = (prior: string): string[] =>
  prior === 'uniform' || prior === 'train'
    ? []
    : [
        'settings, verdicts and the recommendation are for a uniform mix of classes, not for the shares of --prior.',
      ];

/** @throws DataError, InputError or UsageError in a sentence; what is to be written is whole or not there */
export async function rebalance(path: string, options: RebalanceOptions): Promise<Rebalanced> {
  const heads = chosenHeads(options.heads, { hasJoint: options.joint !== undefined });
  checkHead(options, heads);
  const read = await readParts(path, options);
  const { select, featuresFrom } = options;
  checkSelect(select, { hasValidation: read.validation !== undefined, featuresFrom });
  const slice = await slicing(read, options.slices);
  const findings = audit(named(read));
  if (options.audit !== undefined) await writeFindings(options.audit, findings);
  const finite = finiteParts(read, options.dropBad);
  const sizes = sizeNotes(finite.train);
  const parts = knownClasses({ ...finite, notes: [...finite.notes, ...sizes, ...mixNotes(options.prior)] });
  const suspects = await suspectsFor(parts, options);
  const found = await boardOf(parts, heads, options);
  return {
    ...{ parts, findings, ...found, notes: notesOf(parts, findings, suspects) },
    ...(suspects && { suspects }),
    slices: slice(found.board),
  };
}
