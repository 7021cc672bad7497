/** Stage 1 on disk: weights, the optimizer's state, and how far the training is, so that it goes on where it stopped. */
import { existsSync } from 'node:fs';
import { type Backbone, loadWeights, saveWeights } from '@longtail/backbones';
import { DataError } from '@longtail/core';
import type { NamedArray } from '@longtail/formats';
import { type Head, linearFrom, unitRows } from '@longtail/heads';
import type { Optimizer } from '@longtail/optim';
import * as tf from '@tensorflow/tfjs-core';
import type { EngineName, EpochRecord } from './results.ts';
import { readArrays, writeArrays } from './run-directory.ts';

/** The sums are of the epoch under way. */
export interface TrainingState {
  /** From 0; the number of epochs once all are over. */
  readonly epoch: number;
  /** Images of this epoch that are done, with those left out. */
  readonly seen: number;
  /** Of those, the ones that could not be read; absent in files of before. */
  readonly skipped?: number;
  readonly lossSum: number;
  readonly hits: number;
  readonly seconds: number;
  readonly history: readonly EpochRecord[];
}

const AT_START: TrainingState = { epoch: 0, seen: 0, lossSum: 0, hits: 0, seconds: 0, history: [] };

interface Trained {
  readonly backbone: Backbone;
  readonly joint: Head;
  readonly optimizer: Optimizer;
}

const raw = (variable: tf.Variable): NamedArray => ({
  shape: variable.shape,
  data: variable.dataSync<'float32'>() as Float32Array,
});

export async function saveRepresentation(
  path: string,
  { backbone, joint, optimizer }: Trained,
  { state, engine }: { state: TrainingState; engine: EngineName },
): Promise<void> {
  const arrays = new Map<string, NamedArray>();
  for (const [name, array] of saveWeights(backbone)) arrays.set(`backbone.${name}`, array);
  for (const [name, variable] of joint.weights) arrays.set(`head.${name}`, raw(variable));
  for (const [name, variable] of optimizer.state) arrays.set(name, raw(variable));
  await writeArrays(path, arrays, {
    backbone: backbone.name,
    head: joint.name,
    training: JSON.stringify(state),
    engine: JSON.stringify(engine),
  });
}

/**
 * Puts what was saved into the backbone, its head and (where it is given) the optimizer.
 *
 * @returns how far the training was; the start, with nothing changed, where no file is
 * @throws DataError when the file is damaged or of another network
 */
export async function loadRepresentation(
  path: string,
  { backbone, joint, optimizer }: Pick<Trained, 'backbone' | 'joint'> & { optimizer?: Optimizer },
): Promise<TrainingState> {
  if (!existsSync(path)) return AT_START;
  const { arrays, metadata } = await readArrays(path, { after: 'longtail train' });
  loadWeights(backbone, arrays, { prefix: 'backbone.' });
  const assign = (name: string, variable: tf.Variable) => {
    const found = arrays.get(name);
    if (!(found?.data instanceof Float32Array) || !tf.util.arraysEqual([...found.shape], variable.shape))
      throw new DataError(
        `expected ${name} of shape [${variable.shape}] in ${path}, but found ${found ? `[${found.shape}]` : 'none'}; it is of another network.`,
      );
    const { data, shape } = found;
    tf.tidy(() => variable.assign(tf.tensor(data as Float32Array, [...shape])));
  };
  for (const [name, variable] of joint.weights) assign(`head.${name}`, variable);
  for (const [name, variable] of optimizer?.state ?? []) assign(name, variable);
  return JSON.parse(metadata.training!) as TrainingState;
}

/**
 * The joint head alone, as a linear one: a cosine head's weights with norm 1 put the classes in the same order.
 *
 * @throws DataError when the file is missing or damaged
 */
export async function loadJointHead(path: string): Promise<Head> {
  const { arrays, metadata } = await readArrays(path, { after: 'longtail train' });
  if (!arrays.has('head.weight'))
    throw new DataError(`expected head.weight in ${path}, but it is not there; run "longtail train" again.`);
  const tensor = (name: string): tf.Tensor | undefined => {
    const found = arrays.get(name);
    return found && tf.tensor(found.data as Float32Array, [...found.shape]);
  };
  const weight = tf.tidy(() => {
    const given = tensor('head.weight') as tf.Tensor2D;
    return metadata.head === 'cosine' ? unitRows(given) : given;
  });
  return linearFrom('joint', {
    weight,
    bias: tensor('head.bias') as tf.Tensor1D | undefined,
  });
}

/** History and engine of a representation, without its weights' network. */
export async function trainingRecord(path: string): Promise<{ state: TrainingState; engine: EngineName }> {
  const { metadata } = await readArrays(path, { after: 'longtail train' });
  return { state: JSON.parse(metadata.training!), engine: JSON.parse(metadata.engine!) };
}
