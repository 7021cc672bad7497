/** What every recipe can be told by `--set key=value`: of each option its range, its default, its stage and what it is. */
import { shown, UsageError } from '@longtail/core';
import * as z from 'zod';
import { BASELINE_NAMES, type BaselineName } from './baselines.ts';
import { didYouMean } from './did-you-mean.ts';
import { HEAD_FEATURES, HEAD_FEATURES_RANGE, type HeadFeatures } from './head-features.ts';
import { RETRAIN, RETRAIN_RANGE } from './retrained-parts.ts';

export interface RecipeOptions {
  readonly epochs: number;
  readonly imagesPerEpoch: number;
  readonly imagesPerSplit: number;
  readonly batchSize: number;
  /** The step is that of the batch but for batch norms, which see the parts, and costs one more forward pass. */
  readonly microBatch: number;
  readonly learningRate: number;
  readonly weightDecay: number;
  /** Names from samplers.ts or paths of modules. */
  readonly samplers: string;
  /** A name from losses.ts, or the path of a module. */
  readonly loss: string;
  /** alpha of Beta(alpha, alpha). */
  readonly mixup: number;
  readonly experts: number;
  readonly baseline: BaselineName;
  readonly onBadImage: 'fail' | 'skip';
  /** A file, '' for none. */
  readonly pretrained: string;
  readonly headEpochs: number;
  readonly headLearningRate: number;
  readonly headBatchSize: number;
  readonly headWeightDecay: number;
  readonly features: HeadFeatures;
  /** Names of Table 1's rows; see retrained-parts.ts. */
  readonly retrain: string;
}

export type OptionName = keyof RecipeOptions;

/** What is to be done again when an option changes: all from training on, the classifiers alone, or `none` of what is there. */
export type OptionStage = 'train' | 'classify' | 'none';

interface Option<Value> {
  readonly stage: OptionStage;
  readonly help: string;
  /** In words, where the schema's own would not do. */
  readonly range?: string;
  readonly schema: z.ZodDefault<z.ZodType<Value>>;
}

/** More is a slip of the keyboard. */
const MOST_IN_A_BATCH = 1e6;

const integer = (byDefault: number, { least, most }: { least: number; most?: number }) =>
  z
    .int()
    .min(least)
    .max(most ?? Number.MAX_SAFE_INTEGER)
    .default(byDefault);
const positive = (byDefault: number) => z.number().gt(0).default(byDefault);

/** The defaults are those of CIFAR-LT's literature; the official head's rate of 0.2 is for batches of 512. */
const OPTIONS: { readonly [Name in OptionName]: Option<RecipeOptions[Name]> } = {
  epochs: {
    stage: 'train',
    help: 'passes over the training pictures',
    schema: integer(200, { least: 1 }),
  },
  imagesPerEpoch: {
    stage: 'train',
    help: 'pictures of an epoch that are used, 0 for all: a quick look',
    schema: integer(0, { least: 0 }),
  },
  imagesPerSplit: {
    stage: 'train',
    help: 'pictures of each split that are used, spread over it, 0 for all: a try',
    schema: integer(0, { least: 0 }),
  },
  batchSize: {
    stage: 'train',
    help: 'pictures a step; where an epoch has fewer, it is one batch',
    schema: integer(128, { least: 1, most: MOST_IN_A_BATCH }),
  },
  microBatch: {
    stage: 'train',
    help: 'pictures in memory at once, where a batch does not fit; 0 for the whole batch',
    schema: integer(0, { least: 0, most: MOST_IN_A_BATCH }),
  },
  learningRate: {
    stage: 'train',
    help: "the highest of the recipe's schedule",
    schema: positive(0.1),
  },
  weightDecay: {
    stage: 'train',
    help: 'of backbone and joint head',
    schema: z.number().min(0).default(2e-4),
  },
  samplers: {
    stage: 'none',
    help: 'comma-separated, one representation each: names, or paths of modules',
    schema: z.string().min(1).default('instance-balanced,class-balanced,square-root,progressively-balanced'),
  },
  loss: {
    stage: 'train',
    help: 'of the representation: a name, or the path of a module',
    schema: z.string().min(1).default('cross-entropy'),
  },
  mixup: {
    stage: 'train',
    help: 'alpha of mixup, by which pictures and labels of a batch are mixed with others of it; 0 for none',
    schema: z.number().min(0).default(0),
  },
  experts: {
    stage: 'train',
    help: 'heads on one trunk, trained together at tau 0, 1, ... by loss=logit-adjusted; they answer by their mean',
    schema: integer(1, { least: 1, most: 9 }),
  },
  baseline: {
    stage: 'train',
    help: 'what the run is: options at once, which others by --set are put over',
    schema: z.enum(BASELINE_NAMES).default('none'),
  },
  onBadImage: {
    stage: 'train',
    help: 'a picture that cannot be read ends the run, or is left out and counted',
    schema: z.enum(['fail', 'skip']).default('fail'),
  },
  pretrained: {
    stage: 'train',
    help: 'a checkpoint whose weights the backbone begins with; nothing for random ones',
    schema: z.string().default(''),
  },
  headEpochs: {
    stage: 'classify',
    help: 'of cRT and LWS, over the features',
    schema: integer(10, { least: 1 }),
  },
  headLearningRate: {
    stage: 'classify',
    help: 'the first of the cosine schedule of cRT and LWS',
    schema: positive(0.05),
  },
  headBatchSize: {
    stage: 'classify',
    help: 'features a step of cRT and LWS; where there are fewer, they are one batch',
    schema: integer(128, { least: 1, most: MOST_IN_A_BATCH }),
  },
  headWeightDecay: {
    stage: 'classify',
    help: 'of what stage 2 trains',
    schema: z.number().min(0).default(5e-4),
  },
  features: {
    stage: 'classify',
    help: "what cRT and LWS learn from: features cached once; K augmented passes, cached and taken in turn; or live, as published: augmented pictures each epoch, with batch-norm statistics that move, or 'live-frozen'",
    range: HEAD_FEATURES_RANGE,
    schema: z.string().regex(HEAD_FEATURES).default('cached') as unknown as z.ZodDefault<
      z.ZodType<HeadFeatures>
    >,
  },
  retrain: {
    stage: 'classify',
    help: "what stage 2 re-trains (Table 1): the classifier, which is cRT; beside it, on live pictures and at cRT's options, the last block or the whole network with it",
    range: RETRAIN_RANGE,
    schema: z.string().regex(RETRAIN).default('classifier'),
  },
};

export const optionNames: readonly OptionName[] = Object.keys(OPTIONS) as OptionName[];

export const isOptionName = (name: string): name is OptionName => Object.hasOwn(OPTIONS, name);

export const optionHelp = (name: OptionName): string => OPTIONS[name].help;

export const isOptionValue = (name: OptionName, value: unknown): boolean =>
  value !== undefined && OPTIONS[name].schema.safeParse(value).success;

/** Of a value that is said: without a default. */
export const optionSchema = (name: OptionName): z.ZodType =>
  OPTIONS[name].schema.unwrap().describe(OPTIONS[name].help);

/** Such as "a number above 0". */
export function optionRange(name: OptionName): string {
  const { range, schema } = OPTIONS[name];
  if (range !== undefined) return range;
  const { type, enum: choices, minLength, minimum, maximum, exclusiveMinimum } = z.toJSONSchema(schema);
  if (choices) return `one of ${choices.join(', ')}`;
  if (type === 'string') return minLength ? 'a text that is not empty' : 'a file';
  if (type === 'integer')
    return `an integer ${maximum === Number.MAX_SAFE_INTEGER ? `>= ${minimum}` : `from ${minimum} to ${maximum}`}`;
  return exclusiveMinimum === undefined ? `a number >= ${minimum}` : `a number above ${exclusiveMinimum}`;
}

/**
 * @param values options, of which those that are absent take their defaults
 * @param at.of whose they are, such as "the recipe demo"
 * @returns all options, in the order in which they are listed
 * @throws UsageError naming the first that no recipe has, or whose value is not in its range
 */
export function checkRecipeOptions(values: object, { of }: { of: string }): RecipeOptions {
  for (const name of Object.keys(values))
    if (!isOptionName(name))
      throw new UsageError(
        `${of} has an option "${name}", but the options are ${optionNames.join(', ')}${didYouMean(name, optionNames)}`,
      );
  const given = values as Readonly<Record<string, unknown>>;
  return Object.fromEntries(
    optionNames.map((name) => {
      const { success, data } = OPTIONS[name].schema.safeParse(given[name]);
      if (success) return [name, data];
      throw new UsageError(`${name} must be ${optionRange(name)}, but ${of} has ${shown(given[name])}.`);
    }),
  ) as unknown as RecipeOptions;
}

/**
 * The options that the files of a stage depend on, in the order in which they are listed; absent ones by their defaults.
 *
 * @throws UsageError as checkRecipeOptions
 * @example
 * optionsOf('classify', options); // { headEpochs: 10, headLearningRate: 0.05, headBatchSize: 128, headWeightDecay: 5e-4, ... }
 */
export function optionsOf(stage: OptionStage, options: Partial<RecipeOptions>): Partial<RecipeOptions> {
  const all = checkRecipeOptions(options, { of: 'the run' });
  const names = optionNames.filter((name) => OPTIONS[name].stage === stage);
  return Object.fromEntries(names.map((name) => [name, all[name]]));
}

/** All of it as a JSON Schema: the content of schemas/recipe-options.json, which the package ships. */
export const recipeOptionsJsonSchema = (): object => {
  const described = optionNames.map((name) => [name, OPTIONS[name].schema.describe(OPTIONS[name].help)]);
  const whole = z.strictObject(Object.fromEntries(described)).meta({ title: 'Options of a Longtail recipe' });
  return z.toJSONSchema(whole, { io: 'input' });
};
