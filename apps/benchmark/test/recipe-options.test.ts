/** What recipes and `--set` may say, and what they are told otherwise. */
import { UsageError } from '@longtail/core';
import { describe, expect, it } from 'vitest';
import cifar from '../recipes/cifar-10-lt.ts';
import demo from '../recipes/demo.ts';
import {
  checkRecipeOptions,
  type OptionName,
  optionNames,
  optionsOf,
  recipeOptionsJsonSchema,
} from '../src/recipe-options.ts';
import { withSettings } from '../src/settings.ts';

const refused: readonly (readonly [setting: string, sentence: string])[] = [
  ['epochs=0', '--set epochs takes an integer >= 1, but got "0".'],
  ['epochs=1.5', '--set epochs takes an integer >= 1, but got "1.5".'],
  ['epochs=-1', '--set epochs takes an integer >= 1, but got "-1".'],
  ['epochs=many', '--set epochs takes an integer >= 1, but got "many".'],
  ['epochs=0x10', '--set epochs takes an integer >= 1, but got "0x10".'],
  ['epochs=1e400', '--set epochs takes an integer >= 1, but got "1e400".'],
  ['epochs= ', '--set epochs takes an integer >= 1, but got " ".'],
  ['epochs=', '--set epochs takes an integer >= 1, but got "".'],
  ['epochs', '--set takes key=value, such as epochs=12, but got "epochs".'],
  ['imagesPerEpoch=0.5', '--set imagesPerEpoch takes an integer >= 0, but got "0.5".'],
  ['batchSize=0', '--set batchSize takes an integer from 1 to 1000000, but got "0".'],
  ['batchSize=1.5', '--set batchSize takes an integer from 1 to 1000000, but got "1.5".'],
  ['batchSize=1e9', '--set batchSize takes an integer from 1 to 1000000, but got "1e9".'],
  ['microBatch=-1', '--set microBatch takes an integer from 0 to 1000000, but got "-1".'],
  ['learningRate=0', '--set learningRate takes a number above 0, but got "0".'],
  ['learningRate=-1', '--set learningRate takes a number above 0, but got "-1".'],
  ['learningRate=NaN', '--set learningRate takes a number above 0, but got "NaN".'],
  ['learningRate=Infinity', '--set learningRate takes a number above 0, but got "Infinity".'],
  ['weightDecay=-1e-4', '--set weightDecay takes a number >= 0, but got "-1e-4".'],
  ['loss=', '--set loss takes a text that is not empty, but got "".'],
  ['mixup=-1', '--set mixup takes a number >= 0, but got "-1".'],
  ['experts=0', '--set experts takes an integer from 1 to 9, but got "0".'],
  [
    'baseline=ldam',
    '--set baseline takes one of none, ldam-drw, balanced-softmax, logit-adjustment, mislas, weight-balancing, balpoe, but got "ldam".',
  ],
  ['onBadImage=ask', '--set onBadImage takes one of fail, skip, but got "ask".'],
  ['headEpochs=0', '--set headEpochs takes an integer >= 1, but got "0".'],
  ['headEpochs=1.5', '--set headEpochs takes an integer >= 1, but got "1.5".'],
  ['headLearningRate=0', '--set headLearningRate takes a number above 0, but got "0".'],
  ['headBatchSize=0', '--set headBatchSize takes an integer from 1 to 1000000, but got "0".'],
  ...['', 'all', 'whole,', 'whole;last-block', 'whole-0x1lr', 'Whole'].map(
    (value) =>
      [
        `retrain=${value}`,
        `--set retrain takes comma-separated: classifier, last-block, whole, whole-0.1lr, but got "${value}".`,
      ] as const,
  ),
  ...['', 'views', 'views=0', 'views=1.5', 'views=1000', 'views=4 ', 'Live', 'frozen', 'cached,live'].map(
    (value) =>
      [
        `features=${value}`,
        `--set features takes one of cached, views=K with K from 1 to 999, live, live-frozen, but got "${value}".`,
      ] as const,
  ),
];

/** The whole message: these are for people. */
function messageOf(settings: readonly string[]): string {
  try {
    withSettings(demo, settings);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as Error).message;
  }
  throw new Error(`${settings.join(' ')} was taken`);
}

describe('--set', () => {
  it.each(refused)('%s is refused', (setting, sentence) => {
    expect(messageOf([setting])).toBe(sentence);
  });

  it.each([
    ['epoch=3', 'epochs'],
    ['batchsize=3', 'batchSize'],
    ['head-batch-size=3', 'headBatchSize'],
    ['lerningRate=3', 'learningRate'],
    ['onBadimages=skip', 'onBadImage'],
  ])('%s: did you mean %s', (setting, name) => {
    expect(messageOf([setting])).toBe(
      `--set takes key=value with one of the keys ${optionNames.join(', ')}, but got "${setting}"; did you mean "${name}"?`,
    );
  });

  it.each(['momentum=0.9', '__proto__=1', 'constructor=1', '=1', ''])('"%s" is near nothing', (setting) => {
    expect(messageOf([setting])).toBe(
      `--set takes key=value with one of the keys ${optionNames.join(', ')}, but got "${setting}".`,
    );
  });

  it('refuses a key that is there twice, whether or not the values agree', () => {
    for (const second of ['epochs=2', 'epochs=1'])
      expect(messageOf(['epochs=1', second])).toBe(`--set takes a key once, but got epochs=1 and ${second}.`);
  });

  it.each([
    ['learningRate=.5', { learningRate: 0.5 }],
    ['learningRate=1e-3', { learningRate: 0.001 }],
    ['weightDecay=0', { weightDecay: 0 }],
    ['epochs=1e2', { epochs: 100 }],
    ['batchSize=1000000', { batchSize: 1e6 }],
    ['microBatch=64', { microBatch: 64 }],
    ['onBadImage=skip', { onBadImage: 'skip' }],
    ['features=views=4', { features: 'views=4' }],
    ['features=live', { features: 'live' }],
    ['loss=a=b.ts', { loss: 'a=b.ts' }],
  ])('%s changes that and nothing else', (setting, change) => {
    expect(withSettings(demo, [setting])).toEqual({ ...withSettings(demo, []), ...change });
  });
});

describe('options of a recipe', () => {
  it('are checked as those of --set are', () => {
    const of = (options: object) => () => withSettings({ ...demo, options }, []);
    expect(of({ headBatchSize: 0 })).toThrow(
      'headBatchSize must be an integer from 1 to 1000000, but the recipe demo has 0.',
    );
    expect(of({ learningRate: Number.NaN })).toThrow(
      'learningRate must be a number above 0, but the recipe demo has NaN.',
    );
    expect(of({ epoch: 3 })).toThrow(
      `the recipe demo has an option "epoch", but the options are ${optionNames.join(', ')}; did you mean "epochs"?`,
    );
  });

  it('take a default where they say nothing', () => {
    const { samplers } = withSettings({ ...demo, options: {} }, []);
    expect(samplers).toBe(demo.options.samplers);
    expect(withSettings({ ...demo, options: { epochs: 1 } }, []).epochs).toBe(1);
  });

  it('belong to one stage each, whatever the order in which they come', () => {
    const all = withSettings(cifar, []);
    const reversed = Object.fromEntries(Object.entries(all).reverse()) as unknown as typeof all;
    const stages = (['train', 'classify', 'none'] as const).map((stage) => optionsOf(stage, reversed));
    expect(Object.keys(stages[1]!)).toEqual([
      'headEpochs',
      'headLearningRate',
      'headBatchSize',
      'headWeightDecay',
      'features',
      'retrain',
    ]);
    expect(Object.keys(stages[2]!)).toEqual(['samplers']);
    expect(Object.assign({}, ...stages)).toEqual(all);
    const names = stages.flatMap((stage) => Object.keys(stage)) as OptionName[];
    expect(names.sort()).toEqual([...optionNames].sort());
    expect(JSON.stringify(stages[0])).toBe(JSON.stringify(optionsOf('train', all)));
  });

  it('are published as a JSON Schema', async () => {
    const schema = `${JSON.stringify(recipeOptionsJsonSchema(), null, 2)}\n`;
    await expect(schema).toMatchFileSnapshot('../schemas/recipe-options.json');
    const { properties } = JSON.parse(schema);
    for (const [name, value] of Object.entries(checkRecipeOptions({}, { of: 'nobody' }))) {
      expect(properties[name].default).toEqual(value);
      expect(properties[name].description).toMatch(/^\w.{10,}/);
    }
  });
});
