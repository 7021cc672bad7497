/**
 * Table 1 (section 4.1's question): what stage 2 re-trains from the weights of stage 1, by `--set retrain=...`. The classifier alone is
 * cRT; with the last block, or the whole network, pictures go through the backbone at every step, and each is a row of its own.
 */
import type { RecipeOptions } from './recipe-options.ts';

export type RetrainedName = 'last-block' | 'whole' | 'whole-0.1lr';

interface Retrained {
  /** Of the row. */
  readonly text: string;
  /** Of the backbone's stages, which are trained with the classifier. */
  readonly part: 'last' | 'all';
  /** Of the backbone, as a multiple of the classifier's `headLearningRate`. */
  readonly backboneRate: number;
}

const PARTS: Readonly<Record<RetrainedName, Retrained>> = {
  'last-block': { text: 'last block and classifier re-trained', part: 'last', backboneRate: 1 },
  whole: { text: 'whole network re-trained', part: 'all', backboneRate: 1 },
  'whole-0.1lr': {
    text: 'whole network re-trained, the backbone at a tenth of the rate',
    part: 'all',
    backboneRate: 0.1,
  },
};
export const RETRAINED: readonly RetrainedName[] = Object.keys(PARTS) as RetrainedName[];

const ONE = `(${['classifier', ...RETRAINED].join('|').replaceAll('.', '\\.')})`;
export const RETRAIN: RegExp = new RegExp(`^${ONE}(,${ONE})*$`);
export const RETRAIN_RANGE: string = `comma-separated: classifier, ${RETRAINED.join(', ')}`;

export const retrainedPart = (name: RetrainedName): Retrained => PARTS[name];

/** Rows beside cRT, which is the classifier's: those named, in the table's order. */
export const retrainedNames = ({ retrain }: Pick<RecipeOptions, 'retrain'>): RetrainedName[] =>
  RETRAINED.filter((name) => retrain.split(',').includes(name));

/** As the row says it. */
export const retrainedText = (name: RetrainedName): string =>
  `stage 2 live, ${PARTS[name].text} on augmented pictures of its own each epoch, batch-norm statistics moving`;
