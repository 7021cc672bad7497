/** The updates of training, each over all variables at once and in place, and the norm of all gradients. */
import {
  type AdamAttributes,
  type AdamInputs,
  AdamStep,
  adamLists,
  GlobalNorm,
  type MovingAverageAttributes,
  type MovingAverageInputs,
  MovingAverageStep,
  movingAverageLists,
  type SgdMomentumAttributes,
  type SgdMomentumInputs,
  SgdMomentumStep,
  sgdMomentumLists,
} from '@longtail/kernels';
import type * as tf from '@tensorflow/tfjs-core';
import type { TorchBackend } from '../backend.ts';
import { call, callMany, float } from '../dispatch.ts';
import { type Handle, lieAlike } from '../handle.ts';
import { kernel, type TorchKernel } from '../kernel.ts';
import { copyLike, full, scoped, type Use } from '../shims.ts';

interface Given {
  readonly variable: readonly tf.Variable[];
  readonly gradient: readonly tf.Tensor[];
  /** What the step keeps of each variable. */
  readonly kept: readonly (readonly tf.Variable[])[];
}

/** A fused kernel walks raw memory: a variable, its gradient and what is kept of it must lie in the same order. */
function alike({ variable, gradient, kept }: Given, backend: TorchBackend, use: Use) {
  const weights = variable.map((one) => backend.exclusive(one));
  const slopes = gradient.map((one, i) => {
    const given = backend.handle(one);
    return lieAlike(given, weights[i]!) ? given : use(copyLike(given, weights[i]!));
  });
  return {
    weights,
    slopes,
    kept: kept.map((list) => list.map((one, i) => backend.exclusive(one, weights[i]))),
  };
}

const scalar = (value: number): Handle => full([], value, 'float32');

/** The number of each variable's step, one tensor for those that are equal. */
function counts(steps: readonly number[], use: Use): Handle[] {
  const made = new Map<number, Handle>();
  for (const step of steps) if (!made.has(step)) made.set(step, use(scalar(step)));
  return steps.map((step) => made.get(step)!);
}

export const steps: TorchKernel[] = [
  kernel(GlobalNorm.name, (inputs, _, backend) =>
    scoped((use) => {
      const norm = (x: Handle) => call('aten::linalg_norm', x, null, null, false, null);
      const norms = Object.values(inputs).map((tensor) => use(norm(backend.handle(tensor))));
      return backend.output(norm(use(call('aten::stack', norms, 0))), [], 'float32');
    }),
  ),
  kernel<SgdMomentumAttributes>(SgdMomentumStep.name, (inputs, attributes, backend) =>
    scoped((use) => {
      const lists = sgdMomentumLists(inputs as unknown as SgdMomentumInputs);
      const { weights, slopes, kept } = alike({ ...lists, kept: [lists.velocity] }, backend, use);
      const { learningRate, momentum, weightDecay, nesterov, decoupled } = attributes;
      if (decoupled && weightDecay !== 0)
        callMany('aten::_foreach_mul_.Tensor', [weights, use(scalar(1 - learningRate * weightDecay))], 0);
      callMany(
        'aten::_fused_sgd_',
        [
          weights,
          slopes,
          momentum === 0 ? [] : kept[0]!,
          float(decoupled ? 0 : weightDecay),
          float(momentum),
          float(learningRate),
          float(0),
          nesterov,
          false,
          false,
          null,
          null,
        ],
        0,
      );
      return [];
    }),
  ),
  kernel<AdamAttributes>(AdamStep.name, (inputs, attributes, backend) =>
    scoped((use) => {
      const lists = adamLists(inputs as unknown as AdamInputs, attributes);
      const { weights, slopes, kept } = alike({ ...lists, kept: [lists.mean, lists.square] }, backend, use);
      const { learningRate, beta1, beta2, epsilon, weightDecay, decoupled } = attributes;
      callMany(
        decoupled ? 'aten::_fused_adamw_' : 'aten::_fused_adam_',
        [
          weights,
          slopes,
          ...kept,
          [],
          counts(attributes.steps, use),
          float(learningRate),
          float(beta1),
          float(beta2),
          float(weightDecay),
          float(epsilon),
          false,
          false,
          null,
          null,
        ],
        0,
      );
      return [];
    }),
  ),
  kernel<MovingAverageAttributes>(MovingAverageStep.name, (inputs, { decay }, backend) =>
    scoped((use) => {
      const { average, value } = movingAverageLists(inputs as unknown as MovingAverageInputs);
      const averages = average.map((one) => backend.exclusive(one));
      const weight = use(scalar(1 - decay));
      callMany(
        'aten::_foreach_lerp_.List',
        [averages, value.map((one) => backend.handle(one)), averages.map(() => weight)],
        0,
      );
      return [];
    }),
  ),
];
