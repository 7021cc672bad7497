/** The text of a recipe for a folder of pictures: whole, with a word on each choice. */
import { HELD_OUT, type Layout, type Looked } from './look.ts';

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
const joined = (name: string): string => `join(root, ${quoted(name)})`;

/** Functions of the module, by what lies in the folder. */
function splitsText(layout: Layout): string {
  if (layout.kind === 'held-out')
    return `/** Every ${HELD_OUT}th picture of a class is for the test, and seen by nothing else: another choice gives other numbers. */
async function open(root: string): Promise<RecipeData> {
  const all = await imageFolder(root);
  const seen = all.classNames.map(() => 0);
  const isTest = Array.from(all.labels, (label) => (seen[label] = (seen[label] ?? 0) + 1) % ${HELD_OUT} === 0);
  const part = (name: string, wanted: boolean) =>
    subsetOf(all, Array.from(all.labels.keys()).filter((i) => isTest[i] === wanted), { name });
  return { train: part('train', false), test: part('test', true) };
}`;
  const of = (name: string, more: string) =>
    layout.kind === 'folders'
      ? `imageFolder(${joined(name)}${more})`
      : `pictureList(${joined(name)}, { root${more} })`;
  const same = layout.kind === 'folders' ? ', { classNames }' : ', classNames';
  const lines = [
    `  const train = await ${of(layout.train, '')};`,
    '  const { classNames } = train; // labels mean the same in every split',
    ...(layout.validation ? [`  const validation = await ${of(layout.validation, same)};`] : []),
    `  const test = await ${of(layout.test, same)};`,
    `  return { train, ${layout.validation ? 'validation, ' : ''}test };`,
  ];
  return `async function open(root: string): Promise<RecipeData> {\n${lines.join('\n')}\n}`;
}

const datasetNames = ({ kind }: Layout, others: readonly string[]): string =>
  [
    ...others,
    'IMAGENET_LT',
    ...(kind === 'lists' ? ['pictureList'] : ['imageFolder']),
    ...(kind === 'held-out' ? ['subsetOf'] : []),
  ]
    .sort((a, b) => (a.toLowerCase() < b.toLowerCase() ? -1 : 1))
    .join(', ');

interface Choices {
  readonly transforms: readonly string[];
  readonly augment: string;
  readonly network: readonly [name: string, call: string];
  readonly epochs: number;
  readonly batchSize: number;
  readonly learningRate: number;
  readonly why: string;
}

const ofSmall = (size: number): Choices => ({
  transforms: ['compose', 'horizontalFlip', 'padAndCrop'],
  augment: `compose(padAndCrop(${Math.max(1, Math.round(size / 8))}), horizontalFlip())`,
  network: ['cifarResNet', 'cifarResNet({ depth: 32, seed })'],
  epochs: 200,
  batchSize: 128,
  learningRate: 0.1,
  why: `the pictures are of ${size}x${size}: network, epochs and rate of CIFAR-LT`,
});

const ofPhotos: Choices = {
  transforms: ['colorJitter', 'compose', 'horizontalFlip', 'randomResizedCrop'],
  augment:
    'compose(\n    randomResizedCrop(224),\n    horizontalFlip(),\n    colorJitter({ brightness: 0.4, contrast: 0.4, saturation: 0.4 }),\n  )',
  network: ['resNet', "resNet('resnet-18', { seed })"],
  epochs: 90,
  batchSize: 64,
  learningRate: 0.025,
  why: "the paper's recipe for photos; its rate is 0.2 at batches of 512, and here in proportion",
};

/** What is to be known before a run, and stands at the head of the file. */
export const remarksOf = ({ notes, unread }: Pick<Looked, 'notes' | 'unread'>): string[] => [
  ...notes,
  ...(unread
    ? [
        `Pictures that cannot be read are left out and counted (onBadImage): ${unread.replace(/; replace the file.*$/s, '')}.`,
      ]
    : []),
];

/**
 * @param name of the recipe and of the file without `.ts`
 * @param at.data the whole path of the folder
 */
export function recipeText(name: string, looked: Looked, { data }: { data: string }): string {
  const { layout, classes, pictures, largest, smallest, small, unread } = looked;
  const remarks = remarksOf(looked);
  const how = small === undefined ? ofPhotos : ofSmall(small);
  const [network, call] = how.network;
  const join = layout.kind === 'held-out' ? '' : "import { join } from 'node:path';\n";
  return `/**
 * ${name}: ${classes} classes, ${pictures.toLocaleString('en')} pictures for training${layout.kind === 'held-out' ? ' and test' : ''}, ${largest} .. ${smallest} a class.
 *
 *   longtail run ./${name}.ts --dry-run      what it takes: time, memory, disk
 *   longtail run ./${name}.ts
 *   longtail run ./${name}.ts --set epochs=5 samplers=instance-balanced
 *
 * To expect: write here what it gave, of which seed.
${remarks.map((remark) => ` *\n * ${remark.replaceAll('*/', '* /').replaceAll(/\s+/g, ' ')}\n`).join('')} */
${join}import { ${network} } from '@longtail/backbones';
import type { Recipe, RecipeData } from '@longtail/benchmark';
import { ${datasetNames(layout, how.transforms)} } from '@longtail/datasets';
import { cosine, warmUp } from '@longtail/optim';

/** Where the pictures are, unless --data names another folder. */
const DATA = ${quoted(data)};

${splitsText(layout)}

const recipe: Recipe = {
  name: ${quoted(name)},
  summary: ${quoted(`${classes} classes, ${network === 'resNet' ? 'ResNet-18' : 'ResNet-32'}`)},
  needsData: false,
  // Each may be set for one run: --set epochs=20. ${how.why[0]!.toUpperCase()}${how.why.slice(1)}.
  options: {
    epochs: ${how.epochs},
    batchSize: ${how.batchSize}, // where it does not fit into memory: microBatch
    learningRate: ${how.learningRate},
    weightDecay: 5e-4, // the paper's on ImageNet-LT; on iNaturalist 1e-4
${unread ? "    onBadImage: 'skip',\n" : ''}    // A representation each; 'instance-balanced' alone takes a quarter of the time.
    samplers: 'instance-balanced,class-balanced,square-root,progressively-balanced',
    // Of cRT and LWS, as the paper's: 10 epochs from 0.2 at batches of 512, and here in proportion.
    headEpochs: 10,
    headLearningRate: 0.05,
    headBatchSize: 128,
  },
  statistics: IMAGENET_LT.statistics, // mean and std of each channel; ImageNet's do for most photos
  augment: ${how.augment},
  // What is done to pictures that are not trained on follows from the above; \`evaluate\` says another thing.
  data: ({ data }) => open(data || DATA),
  // Other networks: resNet('resnet-50', { seed }) and more of @longtail/backbones; with trained weights: --set pretrained=FILE.
  backbone: ({ seed }) => ${call},
  // A cosine to 0, after a rise over the first five epochs.
  schedule: ({ learningRate, epochs }) =>
    warmUp(cosine(learningRate, { epochs }), { epochs: Math.min(5, epochs) }),
  headSchedule: 'official', // stepped at the start of each epoch, as the paper's code
};
export default recipe;
`;
}
