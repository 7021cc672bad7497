/** A few pictures of a set that differ in size as much as any that are looked at: what a transform must cope with. */
import { DataError } from '@longtail/core';
import { type Dataset, type Picture, subsetOf } from '@longtail/datasets';
import type { RecipeData } from './recipe.ts';

/** What of each split goes through every stage. */
const FEW = 8;
/** Pictures of a split that are looked at, spread over it. */
const LOOKED_AT = 32;

export interface FewOptions {
  /** 'skip': passes over pictures that cannot be read. */
  readonly onBadImage?: 'fail' | 'skip';
}

interface Seen extends Pick<Picture, 'height' | 'width'> {
  readonly position: number;
}

async function look(set: Dataset, { onBadImage = 'fail' }: FewOptions): Promise<Seen[]> {
  const count = Math.min(LOOKED_AT, set.length);
  const seen: Seen[] = [];
  for (let i = 0; i < count; i++) {
    const position = Math.floor((i * set.length) / count);
    try {
      const { height, width } = await set.read(position);
      seen.push({ position, height, width });
    } catch (error) {
      if (onBadImage === 'fail' || !(error instanceof DataError)) throw error;
    }
  }
  return seen;
}

/** The lowest, highest, narrowest and widest come first, then the others as they are spread. */
function mostDifferent(seen: readonly Seen[]): number[] {
  const by = (key: (one: Seen) => number) => [...seen].sort((a, b) => key(a) - key(b));
  const [byHeight, byWidth, byForm] = [
    by(({ height }) => height),
    by(({ width }) => width),
    by(({ height, width }) => height / width),
  ];
  const extremes = [byHeight, byWidth, byForm].flatMap((order) => [order[0]!, order.at(-1)!]);
  const spread = seen.filter((_, i) => i % Math.ceil(seen.length / FEW) === 0);
  const positions = [...extremes, ...spread, ...seen].map(({ position }) => position);
  return [...new Set(positions)].slice(0, FEW);
}

async function fewOf(set: Dataset, options: FewOptions): Promise<Dataset> {
  const seen = await look(set, options);
  return seen.length > 0 ? subsetOf(set, mostDifferent(seen)) : set;
}

/**
 * The first of these pictures that are looked at and cannot be read ends it, unless `onBadImage` says 'skip'.
 *
 * @returns at most 8 pictures of each split
 * @throws DataError for a picture that cannot be read
 */
export async function fewOfEach(
  { train, validation, test }: RecipeData,
  options: FewOptions = {},
): Promise<RecipeData> {
  return {
    train: await fewOf(train, options),
    ...(validation && { validation: await fewOf(validation, options) }),
    test: await fewOf(test, options),
  };
}
