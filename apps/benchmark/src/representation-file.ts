/**
 * Stage 1 on disk: weights, the optimizer's state, and how far the training is, so that it goes on where it stopped. Random
 * numbers have no state: each is a function of the seed, the epoch and the picture's position. There is no "best" checkpoint,
 * since the epoch rule of every result is the last epoch; the one before is kept for when the last is damaged.
 */
import { existsSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { type Backbone, loadWeights, saveWeights } from '@longtail/backbones';
import { DataError } from '@longtail/core';
import type { NamedArray } from '@longtail/formats';
import { type Head, linearFrom, unitRows } from '@longtail/heads';
import type { Optimizer } from '@longtail/optim';
import * as tf from '@tensorflow/tfjs-core';
import { meanOfExperts } from './experts.ts';
import { remedies } from './remedies.ts';
import type { EngineName } from './results.ts';
import { type Stamp, stampMetadata } from './run-stamp.ts';
import { previousOf, readArrays, runOf, type StageArrays, writeArrays } from './stage-file.ts';
import { outdated } from './stage-stamps.ts';
import { AT_START, type TrainingState, trainingOf } from './training-state.ts';

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
  { state, engine, stamp }: { state: TrainingState; engine: EngineName; stamp: Stamp },
): Promise<void> {
  const arrays = new Map<string, NamedArray>();
  for (const [name, array] of saveWeights(backbone)) arrays.set(`backbone.${name}`, array);
  for (const [name, variable] of joint.weights) arrays.set(`head.${name}`, raw(variable));
  for (const [name, variable] of optimizer.state) arrays.set(name, raw(variable));
  const metadata = {
    backbone: backbone.name,
    head: joint.name,
    training: JSON.stringify(state),
    engine: JSON.stringify(engine),
    ...stampMetadata(stamp),
  };
  await writeArrays(path, arrays, metadata, { previous: previousOf(path) });
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
  const file = await read(path);
  try {
    loadWeights(backbone, file.arrays, { prefix: 'backbone.' });
  } catch (cause) {
    const { mend } = remedies(runOf(path)).representation;
    throw new DataError(`${path}: ${(cause as Error).message} Or ${mend}.`, { path }, { cause });
  }
  const assign = (name: string, variable: tf.Variable) => {
    const { data, shape } = file.float32(name, variable.shape);
    tf.tidy(() => variable.assign(tf.tensor(data, [...shape])));
  };
  for (const [name, variable] of joint.weights) assign(`head.${name}`, variable);
  for (const [name, variable] of optimizer?.state ?? []) assign(name, variable);
  return trainingOf(file);
}

const read = (path: string): Promise<StageArrays> => readArrays(path, remedies(runOf(path)).representation);

/**
 * Puts the checkpoint before the last in its place, where the last is damaged, lost or of another training, and the one before
 * is whole. A whole one of another training stays where the one before is of another, too, for whoever reads it to refuse.
 *
 * @param options.stamp of the training that is to go on
 * @returns that it did, in a sentence; undefined where nothing was to be done, or nothing could be
 */
export async function recoverRepresentation(
  path: string,
  { stamp }: { stamp: Stamp },
): Promise<string | undefined> {
  const previous = previousOf(path);
  if (!existsSync(previous)) return undefined;
  const why = await unfit(path, stamp);
  if (!why) return undefined;
  const state = await wholeState(previous);
  if (!state) return undefined;
  if (why === 'of another run' && (await outdated(previous, stamp))) return undefined;
  await rename(previous, path);
  return `${path} is ${why}: the training goes on from the checkpoint before it, ${state.epoch} epochs and ${state.seen} pictures in.`;
}

async function unfit(path: string, stamp: Stamp): Promise<string | undefined> {
  if (!existsSync(path)) return 'not there';
  if (!(await wholeState(path))) return 'damaged';
  return (await outdated(path, stamp)) ? 'of another run' : undefined;
}

/** How far a training is; undefined where a bit of its file is damaged. */
export async function wholeState(path: string): Promise<TrainingState | undefined> {
  try {
    return trainingOf(await read(path));
  } catch (error) {
    if (error instanceof DataError) return undefined;
    throw error;
  }
}

/**
 * The joint head alone, as a linear one: a cosine head's weights with norm 1 put the classes in the same order, and the mean of
 * experts' weights is their mean.
 *
 * @throws DataError when the file is missing or damaged
 */
export async function loadJointHead(path: string, { name = 'joint' }: { name?: string } = {}): Promise<Head> {
  const { arrays, metadata, float32 } = await read(path);
  const isOfExperts = metadata.head === 'experts';
  const keysOf = (key: string): string[] =>
    isOfExperts
      ? [...arrays.keys()].filter((one) => one.startsWith('head.') && one.endsWith(`.${key}`))
      : [`head.${key}`];
  const { shape } = float32(keysOf('weight')[0] ?? 'head.weight', [null, null]);
  const valuesOf = (key: string, size: readonly number[]) =>
    meanOfExperts(keysOf(key).map((one) => float32(one, size).data));
  const data = valuesOf('weight', shape);
  const bias = arrays.has(keysOf('bias')[0] ?? '') ? valuesOf('bias', [shape[0]!]) : undefined;
  const weight = tf.tidy(() => {
    const given = tf.tensor2d(data, shape as [number, number]);
    return metadata.head === 'cosine' ? unitRows(given) : given;
  });
  return linearFrom(name, { weight, bias: bias && tf.tensor1d(bias) });
}
