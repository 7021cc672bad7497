/** The running means and variances of a backbone's batch norms: what moves in a training of which no weight is a part. */
import type { Backbone } from '@longtail/backbones';
import type { NamedArray } from '@longtail/formats';
import * as tf from '@tensorflow/tfjs-core';
import type { StageArrays } from './stage-file.ts';

function statisticsOf({ stages, weights }: Backbone): [name: string, variable: tf.Variable][] {
  const moving = new Set(stages.flatMap(({ statistics }) => statistics));
  return [...weights].filter(([, variable]) => moving.has(variable));
}

/** By the backbone's names, behind `statistics.`. */
export const savedStatistics = (backbone: Backbone): ReadonlyMap<string, NamedArray> =>
  new Map(
    statisticsOf(backbone).map(([name, variable]) => [
      `statistics.${name}`,
      { shape: variable.shape, data: variable.dataSync<'float32'>() as Float32Array },
    ]),
  );

/** @throws DataError when the file lacks one, or has it in another shape */
export function restoreStatistics(backbone: Backbone, { float32 }: Pick<StageArrays, 'float32'>): void {
  for (const [name, variable] of statisticsOf(backbone)) {
    const { data, shape } = float32(`statistics.${name}`, variable.shape);
    tf.tidy(() => variable.assign(tf.tensor(data, [...shape])));
  }
}
