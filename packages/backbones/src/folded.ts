/** A convolution with its batch norm folded in, made once and kept for as long as the weights stay as they are. */
import { foldBatchNorm } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import type { Norm } from './variables.ts';

type Folded = ReturnType<typeof foldBatchNorm>;

export interface KeptFold {
  /** Differentiable, and then made anew, while a gradient is taken; else the kept one, not the caller's to dispose. */
  get(): Folded;
  /** Frees it. */
  drop(): void;
}

export function keptFold(filter: tf.Variable<tf.Rank.R4>, norm: Norm): KeptFold {
  const sources = [filter, ...Object.values(norm)] as tf.Variable[];
  let kept: { folded: Folded; ids: tf.DataId[]; views: tf.Tensor[] } | undefined;
  const drop = (): void => {
    if (kept) tf.dispose([kept.folded.filter, kept.folded.bias, ...kept.views]);
    kept = undefined;
  };
  const make = (): Folded => {
    const folded = foldBatchNorm(filter, norm);
    // A kernel that changes a variable in place leaves its views alone, so the variable moves to other data: while the
    // views are held, equal data ids mean equal values.
    const views = sources.map((variable) => tf.clone(variable));
    for (const tensor of [folded.filter, folded.bias, ...views]) tf.keep(tensor);
    kept = { folded, ids: sources.map((variable) => variable.dataId), views };
    return folded;
  };
  const isCurrent = (): boolean => sources.every((variable, i) => variable.dataId === kept?.ids[i]);
  return {
    drop,
    get() {
      if (kept && isCurrent() && tf.engine().state.gradientDepth === 0) return kept.folded;
      drop();
      return tf.engine().state.gradientDepth > 0 ? foldBatchNorm(filter, norm) : make();
    },
  };
}
