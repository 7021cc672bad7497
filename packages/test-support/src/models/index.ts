/** Whole models of tfjs, unchanged, on a backend: layers that are trained there, and a converted graph. */
import type * as tf from '@tensorflow/tfjs';
import { describe } from 'vitest';
import { describeGraphModel } from './graph-model.ts';
import { describeLayersModel } from './layers-model.ts';
import { PICTURES, SEQUENCES } from './networks.ts';

export interface ModelOptions {
  /** What the backend holds natively. */
  readonly liveHandles: () => number;
}

/** A network of tfjs-layers and what it learns. */
export interface Learner {
  readonly name: string;
  readonly network: () => tf.Sequential;
  readonly data: () => { xs: tf.Tensor; ys: tf.Tensor };
}

/** @param backend registered, and so must tfjs's `cpu` be */
export function describeModels(backend: string, options: ModelOptions): void {
  describe(`models on ${backend}`, () => {
    for (const learner of [PICTURES, SEQUENCES]) describeLayersModel(backend, learner, options);
    describeGraphModel(backend, options);
  });
}
