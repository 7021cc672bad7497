/** Numbers that papers print, to lay beside one's own: top-1 accuracy in %, by the groups of the official code. */

export type PublishedRow = readonly [
  sampler: string,
  classifier: string,
  many: number | null,
  medium: number | null,
  few: number | null,
  all: number,
];

export interface Published {
  /** The set, as `@longtail/datasets` names it. */
  readonly set: string;
  /** Whose network and training they are of: the name of a recipe of the app. */
  readonly recipe?: string;
  /** The largest class over the smallest, where the set comes in several. */
  readonly imbalance?: number;
  readonly source: string;
  readonly conditions: string;
  /** Of stage 1, where it is known. */
  readonly batchSize?: number;
  /** What the best epoch was taken by, where it is not the validation pictures. */
  readonly epochBy?: string;
  readonly rows: readonly PublishedRow[];
}

const KANG = 'Kang et al. 2020, as DisAlign (Zhang et al. 2021) repeats it';
const BASELINE = 'the baseline of DisAlign (Zhang et al. 2021)';

/** The joint head by cross-entropy, of the exponential profile; all classes as one. */
const ofLdam = (numClasses: 10 | 100, imbalance: number, all: number): Published => ({
  set: `cifar-${numClasses}-lt`,
  recipe: `cifar-${numClasses}-lt-if${imbalance}`,
  imbalance,
  source: 'Cao et al. 2019, table 2 (ERM)',
  conditions: 'ResNet-32, exponential profile, 200 epochs, batches of 128',
  batchSize: 128,
  epochBy: 'the test',
  rows: [['instance-balanced', 'joint', null, null, null, all]],
});

export const PUBLISHED: readonly Published[] = [
  {
    set: 'imagenet-lt',
    recipe: 'imagenet-lt-resnext-50',
    source: 'Kang et al. 2020, as the official code prints it',
    conditions: 'ResNeXt-50, 90 epochs, batches of 512',
    batchSize: 512,
    rows: [
      ['instance-balanced', 'joint', 65.9, 37.5, 7.7, 44.4],
      ['class-balanced', 'joint', 61.8, 40.1, 15.5, 45.1],
      ['square-root', 'joint', 64.3, 41.2, 17.0, 46.8],
      ['progressively-balanced', 'joint', 61.9, 43.2, 19.4, 47.2],
      ['instance-balanced', 'ncm', 56.6, 45.3, 28.1, 47.3],
      ['instance-balanced', 'crt', 61.8, 46.2, 27.4, 49.6],
      ['instance-balanced', 'tau', 59.1, 46.9, 30.7, 49.4],
      ['instance-balanced', 'lws', 60.2, 47.2, 30.3, 49.9],
    ],
  },
  {
    set: 'imagenet-lt',
    recipe: 'imagenet-lt-resnet-10',
    source: 'Kang et al. 2020, as OpenLT repeats it',
    conditions: 'ResNet-10, 90 epochs, batches of 512',
    batchSize: 512,
    rows: [
      ['instance-balanced', 'joint', null, null, null, 34.8],
      ['instance-balanced', 'crt', null, null, null, 41.8],
      ['instance-balanced', 'lws', null, null, null, 41.4],
    ],
  },
  {
    set: 'imagenet-lt',
    recipe: 'imagenet-lt-resnet-50',
    source: `${KANG}, table 1`,
    conditions: 'ResNet-50, 90 epochs, batches of 512',
    batchSize: 512,
    rows: [
      ['instance-balanced', 'joint', 64.0, 33.8, 5.8, 41.6],
      ['instance-balanced', 'ncm', 53.1, 42.3, 26.5, 44.3],
      ['instance-balanced', 'crt', 58.8, 44.0, 26.1, 47.3],
      ['instance-balanced', 'tau', 56.6, 44.2, 27.4, 46.7],
      ['instance-balanced', 'lws', 57.1, 45.2, 29.3, 47.7],
    ],
  },
  {
    set: 'imagenet-lt',
    recipe: 'imagenet-lt-resnext-101',
    source: `${BASELINE}, table 10`,
    conditions: 'ResNeXt-101, 90 epochs, batches of 256',
    batchSize: 256,
    rows: [['instance-balanced', 'joint', 66.2, 37.8, 8.6, 44.8]],
  },
  {
    set: 'imagenet-lt',
    recipe: 'imagenet-lt-resnext-152',
    source: `${BASELINE}, table 10`,
    conditions: 'ResNeXt-152, 90 epochs, batches of 256',
    batchSize: 256,
    rows: [['instance-balanced', 'joint', 69.1, 41.4, 10.4, 47.8]],
  },
  {
    set: 'places-lt',
    recipe: 'places-lt',
    source: 'Kang et al. 2020; cRT and LWS as AlphaNet (Chang et al. 2023) lists them',
    conditions: 'ResNet-152 pretrained on ImageNet, 30 epochs, batches of 256',
    batchSize: 256,
    rows: [
      ['instance-balanced', 'joint', 45.7, 27.3, 8.2, 30.2],
      ['instance-balanced', 'ncm', 40.4, 37.1, 27.3, 36.4],
      ['instance-balanced', 'crt', 42.0, 37.6, 24.9, 36.7],
      ['instance-balanced', 'tau', 37.8, 40.7, 31.8, 37.9],
      ['instance-balanced', 'lws', 40.6, 39.1, 28.7, 37.6],
    ],
  },
  {
    set: 'inaturalist-2018',
    recipe: 'inaturalist-2018-resnet-50',
    source:
      'Kang et al. 2020, as the model zoo of RIDE (Wang et al. 2021) repeats it; cRT and tau as DisAlign (Zhang et al. 2021) does',
    conditions: 'ResNet-50, 90 epochs, batches of 512',
    batchSize: 512,
    rows: [
      ['instance-balanced', 'joint', 72.2, 63.0, 57.2, 61.7],
      ['instance-balanced', 'crt', null, null, null, 65.2],
      ['instance-balanced', 'tau', null, null, null, 65.6],
      ['instance-balanced', 'lws', 65.0, 66.3, 65.5, 65.9],
    ],
  },
  {
    set: 'inaturalist-2018',
    recipe: 'inaturalist-2018-resnet-50-200-epochs',
    source: `${KANG}, tables 3 and 13`,
    conditions: 'ResNet-50, 200 epochs, batches of 512',
    batchSize: 512,
    rows: [
      ['instance-balanced', 'joint', 75.7, 66.9, 61.7, 65.8],
      ['instance-balanced', 'crt', null, null, null, 68.2],
      ['instance-balanced', 'tau', null, null, null, 69.3],
      ['instance-balanced', 'lws', null, null, null, 69.5],
    ],
  },
  {
    set: 'inaturalist-2018',
    recipe: 'inaturalist-2018-resnet-101',
    source: `${BASELINE}, table 13`,
    conditions: 'ResNet-101, 90 epochs, batches of 256',
    batchSize: 256,
    rows: [['instance-balanced', 'joint', 75.9, 66.0, 59.9, 64.6]],
  },
  {
    set: 'inaturalist-2018',
    recipe: 'inaturalist-2018-resnet-101-200-epochs',
    source: `${BASELINE}, table 13`,
    conditions: 'ResNet-101, 200 epochs, batches of 256',
    batchSize: 256,
    rows: [['instance-balanced', 'joint', 75.5, 68.9, 63.2, 67.3]],
  },
  {
    set: 'inaturalist-2018',
    recipe: 'inaturalist-2018-resnet-152',
    source: `${KANG}, tables 3 and 13`,
    conditions: 'ResNet-152, 90 epochs, batches of 512',
    batchSize: 512,
    rows: [
      ['instance-balanced', 'joint', 75.2, 66.3, 60.7, 65.0],
      ['instance-balanced', 'crt', null, null, null, 68.5],
      ['instance-balanced', 'tau', null, null, null, 68.8],
      ['instance-balanced', 'lws', null, null, null, 69.1],
    ],
  },
  {
    set: 'inaturalist-2018',
    recipe: 'inaturalist-2018-resnet-152-200-epochs',
    source: `${KANG}, tables 3 and 13`,
    conditions: 'ResNet-152, 200 epochs, batches of 512',
    batchSize: 512,
    rows: [
      ['instance-balanced', 'joint', 78.2, 70.6, 64.7, 69.0],
      ['instance-balanced', 'crt', null, null, null, 71.2],
      ['instance-balanced', 'tau', null, null, null, 72.5],
      ['instance-balanced', 'lws', null, null, null, 72.1],
    ],
  },
  ofLdam(10, 100, 70.36),
  ofLdam(10, 10, 86.39),
  ofLdam(100, 100, 38.32),
];
