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
  readonly rows: readonly PublishedRow[];
}

export const PUBLISHED: readonly Published[] = [
  {
    set: 'imagenet-lt',
    recipe: 'imagenet-lt-resnext-50',
    source: 'Kang et al. 2020, as the official code prints it',
    conditions: 'ResNeXt-50, 90 epochs, batches of 512',
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
    set: 'places-lt',
    recipe: 'places-lt',
    source: 'Kang et al. 2020; cRT and LWS as AlphaNet (Chang et al. 2023) lists them',
    conditions: 'ResNet-152 pretrained on ImageNet, 30 epochs, batches of 256',
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
    source: 'Kang et al. 2020, as the model zoo of RIDE (Wang et al. 2021) repeats it',
    conditions: 'ResNet-50, 90 epochs, batches of 512',
    rows: [
      ['instance-balanced', 'joint', 72.2, 63.0, 57.2, 61.7],
      ['instance-balanced', 'lws', 65.0, 66.3, 65.5, 65.9],
    ],
  },
  {
    set: 'cifar-10-lt',
    imbalance: 100,
    source: 'Cao et al. 2019, table 2 (ERM)',
    conditions: 'ResNet-32, 200 epochs',
    rows: [['instance-balanced', 'joint', null, null, null, 70.4]],
  },
];
