/**
 * The recipes by name, in groups, with a line each: what `--help` shows. Each is imported when it is run, and not before:
 * tfjs takes a while to load.
 */
import type { Recipe } from './recipe.ts';

export interface RecipeEntry {
  /** As the recipe itself says it. */
  readonly summary: string;
  load(): Promise<Recipe>;
}

type Group = Readonly<Record<string, RecipeEntry>>;

const CIFAR = [10, 100] as const;
const PROFILES = ['exponential', 'step'] as const;
const FACTORS = [10, 50, 100] as const;

const cifarTails: Group = Object.fromEntries(
  CIFAR.flatMap((numClasses) =>
    PROFILES.flatMap((profile) =>
      FACTORS.map((imbalanceFactor): [string, RecipeEntry] => [
        `cifar-${numClasses}-lt-${profile === 'step' ? 'step-' : ''}if${imbalanceFactor}`,
        {
          summary: `CIFAR-${numClasses}-LT, ${profile}, imbalance ${imbalanceFactor}, ResNet-32`,
          load: async () =>
            (await import('../recipes/cifar-lt.ts')).cifarTail({ numClasses, profile, imbalanceFactor }),
        },
      ]),
    ),
  ),
);

const IMAGENET = {
  'resnet-10': 'ResNet-10',
  'resnet-50': 'ResNet-50',
  'resnext-50': 'ResNeXt-50',
  'resnext-101': 'ResNeXt-101',
  'resnext-152': 'ResNeXt-152',
} as const;

const imageNetTails: Group = Object.fromEntries(
  Object.entries(IMAGENET).map(([architecture, title]): [string, RecipeEntry] => [
    `imagenet-lt-${architecture}`,
    {
      summary: `ImageNet-LT, ${title}`,
      load: async () =>
        (await import('../recipes/imagenet-lt.ts')).imageNetTail(architecture as keyof typeof IMAGENET),
    },
  ]),
);

const inaturalists: Group = Object.fromEntries(
  ([90, 200] as const).flatMap((epochs) =>
    ([50, 101, 152] as const).map((depth): [string, RecipeEntry] => [
      `inaturalist-2018-resnet-${depth}${epochs === 200 ? '-200-epochs' : ''}`,
      {
        summary: `iNaturalist 2018, ResNet-${depth}, ${epochs} epochs`,
        load: async () =>
          (await import('../recipes/inaturalist-2018.ts')).inaturalist(`resnet-${depth}`, { epochs }),
      },
    ]),
  ),
);

/** By what they are good for, the quickest first. */
export const RECIPE_GROUPS: Readonly<Record<string, Group>> = {
  'Without a download': {
    demo: {
      summary: 'drawn pictures of 36 classes, a small ResNet: minutes, no download',
      load: async () => (await import('../recipes/demo.ts')).default,
    },
  },
  'CIFAR-LT, 32x32': {
    'cifar-10-lt': {
      summary: 'CIFAR-10-LT (imbalance 100) on real pictures, ResNet-32, cosine',
      load: async () => (await import('../recipes/cifar-10-lt.ts')).default,
    },
    ...cifarTails,
  },
  'Tiny-ImageNet-LT, 64x64': {
    'tiny-imagenet-lt': {
      summary: '200 classes of Tiny-ImageNet, ResNet-18',
      load: async () => (await import('../recipes/tiny-imagenet-lt.ts')).default,
    },
  },
  'ImageNet-LT, 224x224': imageNetTails,
  'Places-LT, 224x224': {
    'places-lt': {
      summary: 'Places-LT, pretrained ResNet-152, last block and head trained',
      load: async () => (await import('../recipes/places-lt.ts')).default,
    },
  },
  'iNaturalist 2018, 224x224': inaturalists,
};
