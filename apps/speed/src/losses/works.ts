/** The losses that are timed: one entry a row of the table, understood by make-work.ts and losses.py alike. */

export const LOSS_KINDS = [
  'cross-entropy',
  'label smoothing',
  'soft targets',
  'class-balanced',
  'balanced softmax',
  'focal',
  'class-balanced focal',
  'LDAM',
  'label-aware smoothing',
  'influence-balanced',
] as const;

export type LossKind = (typeof LOSS_KINDS)[number];

export interface LossWork {
  readonly kind: LossKind;
  readonly rows: number;
  readonly classes: number;
}

/** CIFAR-100-LT, ImageNet-LT, iNaturalist 2018. */
const SIZES = [
  [128, 100],
  [512, 1000],
  [512, 8142],
] as const;

export const LOSS_WORKS: readonly LossWork[] = SIZES.flatMap(([rows, classes]) =>
  LOSS_KINDS.map((kind) => ({ kind, rows, classes })),
);

export const nameOf = ({ kind, rows, classes }: LossWork): string => `${kind}, ${rows}x${classes}`;
