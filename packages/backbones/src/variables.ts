/** Where layers put their variables as they are made, under PyTorch's names. */
import { normal } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import type { Stage } from './backbone.ts';

export interface Reduced {
  /** Places of a picture, along an axis, for one of a stage's smallest map. */
  readonly reduction: number;
}

export interface Variables {
  readonly all: Map<string, tf.Variable>;
  readonly stages: (Stage & Reduced)[];
  readonly seed: number;
  readonly fan: 'in' | 'out';
  /** Frees what layers keep from call to call. */
  readonly forget: (() => void)[];
}

function add<R extends tf.Rank>(
  { all }: Variables,
  name: string,
  value: tf.Tensor,
  trainable: boolean,
): tf.Variable<R> {
  const variable = tf.variable(value, trainable) as tf.Variable<R>;
  value.dispose();
  all.set(name, variable);
  return variable;
}

export interface FilterSize {
  readonly size: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly groups?: number;
}

/** A filter without bias, begun as normal(0, sqrt(2 / (k k C))): He et al., ICCV 2015, fan in or fan out. */
export function filter(
  variables: Variables,
  name: string,
  { size, inputs, outputs, groups = 1 }: FilterSize,
): tf.Variable<tf.Rank.R4> {
  const key = `${name}.weight`;
  const perGroup = inputs / groups;
  const deviation = Math.sqrt(2 / (size * size * (variables.fan === 'in' ? perGroup : outputs)));
  const value = normal([size, size, perGroup, outputs], { seed: variables.seed, keys: [key], deviation });
  return add(variables, key, value, true);
}

type Vector = tf.Variable<tf.Rank.R1>;
export interface Norm {
  readonly scale: Vector;
  readonly offset: Vector;
  readonly mean: Vector;
  readonly variance: Vector;
}

/** A batch norm's four vectors, begun as scale 1 and offset 0, mean 0 and variance 1. */
export function normVectors(variables: Variables, name: string, channels: number): Norm {
  const vector = (key: string, value: tf.Tensor, trainable: boolean): Vector =>
    add(variables, `${name}.${key}`, value, trainable);
  return {
    scale: vector('weight', tf.ones([channels]), true),
    offset: vector('bias', tf.zeros([channels]), true),
    mean: vector('running_mean', tf.zeros([channels]), false),
    variance: vector('running_var', tf.ones([channels]), false),
  };
}
