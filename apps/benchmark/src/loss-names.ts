/** The names of losses, apart from losses.ts, which loads tfjs: `--help` can do without. */

/** Of a linear head. */
export const LINEAR_LOSSES = [
  'cross-entropy',
  'label-smoothing',
  'cost-sensitive',
  'class-balanced',
  'class-balanced-cui',
  'class-balanced-sigmoid',
  'class-balanced-focal',
  'focal',
  'focal-sigmoid',
  'drw',
  'balanced-softmax',
  'logit-adjusted',
  'lade',
  'label-aware-smoothing',
  'cdt',
  'equalization',
  'equalization-sigmoid',
  'influence-balanced',
  'grw',
] as const;

/** Of a head whose logits are cosines. */
export const COSINE_LOSSES = ['ldam', 'ldam-drw', 'gcl'] as const;

export const lossNames: readonly string[] = [...LINEAR_LOSSES, ...COSINE_LOSSES];
