/**
 * What a recipe is compared with, by `--set baseline=NAME`: the options that make each of them, which stand between the recipe's own and
 * those of `--set`. Network, pictures, epochs, rate and its schedule stay the recipe's; what else is not as published is said at each.
 */
import type { RecipeOptions } from './recipe-options.ts';

interface Baseline {
  readonly text: string;
  readonly options: Partial<RecipeOptions>;
  /** Whether a head of stage 2 is the answer, not the joint one. Default: false. */
  readonly isTwoStage?: boolean;
}

export const BASELINE_NAMES = [
  'none',
  'ldam-drw',
  'balanced-softmax',
  'logit-adjustment',
  'mislas',
  'weight-balancing',
  'balpoe',
] as const;
export type BaselineName = (typeof BASELINE_NAMES)[number];

const samplers = 'instance-balanced';

export const BASELINES: Readonly<Record<BaselineName, Baseline>> = {
  none: { text: "the recipe's own", options: {} },
  // Cao et al., NeurIPS 2019; kaidic/LDAM-DRW, cifar_train.py: s 30, margins up to 0.5, beta .9999 from epoch 160 of 200, decay 2e-4.
  // Here from 0.8 of the epochs, whatever their number is; the last epoch, not the best on the test.
  'ldam-drw': {
    text: 'LDAM on a cosine head, class-balanced weights from 0.8 of the epochs',
    options: { samplers, loss: 'ldam-drw', weightDecay: 2e-4 },
  },
  // Ren et al., NeurIPS 2020; jiawei-ren/BalancedMetaSoftmax-Classification, CIFAR100_LT/balanced_softmax_imba200: decay 5e-4.
  // There 13,000 steps of 512 at 0.05 with a cosine, and a meta-sampler in stage 2, which is not here.
  'balanced-softmax': {
    text: 'cross-entropy of z + log n',
    options: { samplers, loss: 'balanced-softmax', weightDecay: 5e-4 },
  },
  // Menon et al., ICLR 2021; google-research/logit_adjustment, --mode=loss: tau 1. There with Nesterov's momentum.
  'logit-adjustment': {
    text: 'cross-entropy of z + log pi, tau 1: balanced-softmax up to a constant, at the decay of the recipe',
    options: { samplers, loss: 'logit-adjusted' },
  },
  // Zhong et al., CVPR 2021; dvlab-research/MiSLAS, cifar100_imb001_stage1_mixup: alpha 1, decay 2e-4; of stage 2 baseline-heads.ts.
  // There the running statistics of stage 2 move (features=live), and stage 1 of photos has a cosine.
  mislas: {
    text: 'stage 1 on mixup; stage 2 LWS and, slowly, the head by label-aware smoothing',
    options: { samplers, loss: 'cross-entropy', mixup: 1, weightDecay: 2e-4 },
    isTwoStage: true,
  },
  // Alshammari et al., CVPR 2022; ShadeAlsha/LTR-weight-balancing, demo1: decay 5e-3; of stage 2 baseline-heads.ts.
  // There ResNet-34, 320 epochs of a cosine from 0.01, batch 64, and the best epoch on the test.
  'weight-balancing': {
    text: 'stage 1 by a strong decay; stage 2 the head by class-balanced loss, decay 0.1 and MaxNorm',
    options: { samplers, loss: 'cross-entropy', weightDecay: 5e-3 },
    isTwoStage: true,
  },
  // Aimar et al., CVPR 2023; emasa/BalPoE-CalibratedLT, standard_training/config_cifar100_ir100_bs-experts: tau 0, 1, 2, mixup 0.4,
  // decay 5e-4. There each expert has a last block and a cosine head of its own, with Nesterov's momentum: here heads on one trunk.
  balpoe: {
    text: 'three heads on one trunk, logit-adjusted at tau 0, 1 and 2, on mixup; the mean of their log-probabilities',
    options: { samplers, loss: 'logit-adjusted', experts: 3, mixup: 0.4, weightDecay: 5e-4 },
  },
};

type Asked = Pick<RecipeOptions, 'baseline'>;

/** What rows call the joint head: the baseline, where it is its answer. */
export const jointName = ({ baseline }: Asked): string =>
  baseline === 'none' || BASELINES[baseline].isTwoStage ? 'joint' : baseline;

/** The head that stage 2 learns for the baseline, beside the paper's; undefined where there is none. */
export const headOfBaseline = ({ baseline }: Asked): BaselineName | undefined =>
  BASELINES[baseline].isTwoStage ? baseline : undefined;
