/** The rows that a run has on each representation, and what each of them learned from. */
import { headOfBaseline, jointName } from './baselines.ts';
import { headFeaturesText } from './head-features.ts';
import type { RecipeOptions } from './recipe-options.ts';
import { type RetrainedName, retrainedNames, retrainedText } from './retrained-parts.ts';

/** As `predictions.safetensors` names them, in the table's order. */
export function classifiersOf(options: RecipeOptions): string[] {
  const own = headOfBaseline(options);
  return [jointName(options), 'ncm', 'crt', 'tau', 'lws', ...(own ? [own] : []), ...retrainedNames(options)];
}

/** Those with a weight [C, D]. */
export const linearOf = (options: RecipeOptions): string[] =>
  classifiersOf(options).filter((name) => name !== 'ncm');

/** What stage 1 was trained by, in words: a plain loss by its name alone. */
export const lossText = ({ loss, mixup, experts }: RecipeOptions): string =>
  [loss, ...(experts > 1 ? [`${experts} experts`] : []), ...(mixup > 0 ? [`mixup ${mixup}`] : [])].join(', ');

/** The protocol of stage 2 that a row is of, in words; undefined where nothing is trained in stage 2. */
export function protocolOf(name: string, options: RecipeOptions): string | undefined {
  if (['crt', 'lws', 'mislas'].includes(name)) return headFeaturesText(options);
  if (name === headOfBaseline(options)) return headFeaturesText({ features: 'cached' });
  const retrained = retrainedNames(options).find((one) => one === name) as RetrainedName | undefined;
  return retrained && retrainedText(retrained);
}
