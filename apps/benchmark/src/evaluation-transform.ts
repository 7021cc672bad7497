/**
 * How pictures are seen when nothing is trained. A recipe may say it; without a word pictures that have the size that
 * training sees stay as they are, and all others get the short side and the middle in the proportion of 256 to 224.
 */
import { DataError, random } from '@longtail/core';
import {
  centerCrop,
  compose,
  type Dataset,
  type Picture,
  resizeShortSide,
  type Transform,
} from '@longtail/datasets';
import type { Recipe, RecipeData } from './recipe.ts';

export interface Evaluation {
  readonly transform: Transform;
  /** What is done to pictures, in words: `as they are`, `by resizeShortSide(256), centerCrop(224)`. */
  readonly text: string;
}

/** Pictures of a split that are looked at, spread over it. */
const LOOKED_AT = 100;
const AS_THEY_ARE = 'as they are';

/**
 * The recipe's own evaluation transform, or what its pictures' sizes ask for.
 *
 * @param options.onBadImage 'skip': passes over pictures that cannot be read
 * @throws DataError when sizes differ and `augment` gives no square of one size, so that only the recipe can say what to do
 */
export async function evaluationTransform(
  { name, augment, evaluate }: Pick<Recipe, 'name' | 'augment' | 'evaluate'>,
  data: RecipeData,
  { onBadImage = 'fail' }: { onBadImage?: 'fail' | 'skip' } = {},
): Promise<Evaluation> {
  if (evaluate) return described(evaluate);
  let seen: { size: string; trained: Picture } | undefined;
  for (const set of [data.train, data.validation, data.test])
    for await (const picture of spread(set, onBadImage)) {
      const first = seen ?? { size: sizeOf(picture), trained: augment(picture, random(0, 'evaluate')) };
      seen = first;
      if (sizeOf(picture) === first.size && first.size === sizeOf(first.trained)) continue;
      const again = augment(picture, random(0, 'evaluate'));
      return resized(name, [first.trained, again]);
    }
  return { transform: compose(), text: AS_THEY_ARE };
}

/** Some pictures of a set, from its first to its last. */
async function* spread(set: Dataset | undefined, onBadImage: 'fail' | 'skip'): AsyncGenerator<Picture> {
  const length = set?.length ?? 0;
  const count = Math.min(LOOKED_AT, length);
  for (let i = 0; i < count; i++)
    try {
      yield await set!.read(Math.floor((i * length) / count));
    } catch (error) {
      if (onBadImage === 'fail' || !(error instanceof DataError)) throw error;
    }
}

function resized(recipe: string, trained: readonly [Picture, Picture]): Evaluation {
  const [{ height, width }, other] = trained;
  if (height !== width || sizeOf(other) !== sizeOf(trained[0]))
    throw new DataError(
      `expected squares of one size from the augment of ${recipe}, to crop pictures of other sizes to, but it gives ${trained.map(sizeOf).join(' and ')}; give the recipe an \`evaluate\` transform.`,
    );
  return described(compose(resizeShortSide(Math.round((height * 256) / 224)), centerCrop(height)));
}

const sizeOf = ({ height, width }: Picture): string => `${height}x${width}`;

/** What a transform does, in words: `by padAndCrop(4), horizontalFlip()`. */
export function transformText(transform: Transform): string {
  const calls = (transform.parts ?? [{ call: undefined }]).map(({ call }) =>
    call
      ? `${call.name}(${call.given.map((one) => JSON.stringify(one)).join(', ')})`
      : "a step of the recipe's own",
  );
  return calls.length > 0 ? `by ${calls.join(', ')}` : AS_THEY_ARE;
}

const described = (transform: Transform): Evaluation => ({ transform, text: transformText(transform) });
