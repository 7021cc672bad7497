/**
 * A classifier as one safetensors file: the head's weights under `head.`, the transform's under `transform.I`, the counts, and
 * where there are ones, a prior and a vector scaling; all else as JSON in the metadata, under `longtail`, beside its checksum.
 */
import { checkObjects, DataError, InputError } from '@longtail/core';
import { decodeSafetensors, encodeSafetensors, type NamedArray } from '@longtail/formats';
import * as tf from '@tensorflow/tfjs-core';
import { type Classifier, classifier } from './classifier.ts';
import { classifierChecksum } from './classifier-checksum.ts';
import { checkHead, type Head, type HeadForm } from './head.ts';
import { headFrom, isForm, savedForm } from './head-file.ts';
import type { FeatureTransform, TransformStep } from './transform.ts';
import type { VectorScaling } from './vector-scaling.ts';

/** The file's layout, 2 where there is a vector scaling, which the first did not have. A reader refuses a later one. */
const VERSION = 2;

type Arrays = ReturnType<typeof decodeSafetensors>['arrays'];

const float32 = (data: ArrayLike<number>, shape: readonly number[]): NamedArray => ({
  shape,
  data: Float32Array.from(data),
});

function arrayFrom(weight: tf.Tensor): NamedArray {
  const { dtype, shape } = weight;
  const data = weight.dataSync();
  return dtype === 'int32' ? { shape, data: Int32Array.from(data) } : float32(data, shape);
}

/** @throws DataError for what no weight is */
function tensorFrom(name: string, { dtype, data, shape }: Required<NamedArray>, source: string): tf.Tensor {
  if (dtype === 'float32' || dtype === 'int32') return tf.tensor(data as Float32Array, [...shape], dtype);
  throw new DataError(`expected "${name}" in ${source} to be float32 or int32, but it is ${dtype}.`);
}

/** What a step is but for its values. */
const plainStep = ({ kind, ...rest }: TransformStep): object =>
  'power' in rest ? { kind, power: rest.power } : { kind };

/**
 * @returns the bytes of a safetensors file
 * @throws InputError for a head of a kind that no file can hold
 * @example
 * await writeFile('head.safetensors', encodeClassifier(made));
 */
export function encodeClassifier(made: Classifier): Uint8Array<ArrayBuffer> {
  checkObjects({ 'a classifier': made });
  checkHead(made.head);
  const { head, classNames, counts, transform, temperature, scaling, prior } = made;
  const form = savedForm(head);
  const arrays = new Map<string, NamedArray>([
    ['counts', { shape: [counts.length], data: Int32Array.from(counts) }],
  ]);
  if (typeof prior !== 'string')
    arrays.set('prior', { shape: [prior.length], data: Float64Array.from(prior) });
  for (const [name, values] of Object.entries(scaling ?? {}))
    arrays.set(`scaling.${name}`, float32(values, [values.length]));
  for (const [name, weight] of head.weights) arrays.set(`head.${name}`, arrayFrom(weight));
  transform.forEach((step, i) => {
    if ('values' in step)
      arrays.set(`transform.${i}`, float32(step.values, 'shape' in step ? step.shape : [step.values.length]));
  });
  const longtail = JSON.stringify({
    version: scaling ? VERSION : 1,
    name: head.name,
    form,
    classNames,
    transform: transform.map(plainStep),
    temperature,
    ...(typeof prior === 'string' && { prior }),
    made: made.made,
  });
  return encodeSafetensors(arrays, { longtail, checksum: classifierChecksum(arrays, longtail) });
}

/** What the JSON must hold, by the test of each. */
const ABOUT: Readonly<Record<string, (value: unknown) => boolean>> = {
  version: Number.isInteger,
  name: (value) => typeof value === 'string',
  form: isForm,
  classNames: (value) => Array.isArray(value) && value.every((name) => typeof name === 'string'),
  transform: (value) => Array.isArray(value) && value.every((step) => typeof step?.kind === 'string'),
  temperature: (value) => Number.isFinite(value),
  made: (value) => typeof value === 'object' && value !== null,
};

interface About {
  readonly version: number;
  readonly name: string;
  readonly form: HeadForm;
  readonly classNames: string[];
  readonly transform: TransformStep[];
  readonly temperature: number;
  readonly prior?: 'train' | 'uniform';
  readonly made: Record<string, unknown>;
}

function aboutOf(metadata: Readonly<Record<string, string>>, source: string): About {
  let about: Record<string, unknown> | null;
  try {
    about = JSON.parse(metadata.longtail ?? 'null');
  } catch (cause) {
    throw new DataError(`expected JSON under "longtail" in ${source}, but ${(cause as Error).message}.`);
  }
  if (typeof about !== 'object' || about === null)
    throw new DataError(
      `expected a classifier in ${source}, but its metadata has no "longtail"; encodeClassifier writes such files.`,
    );
  const wrong = Object.keys(ABOUT).find((key) => !ABOUT[key]!(about[key]));
  if (wrong)
    throw new DataError(
      `expected ${wrong} of a classifier in ${source}, but found ${JSON.stringify(about[wrong])?.slice(0, 80)}.`,
    );
  if (Number(about.version) < 1 || Number(about.version) > VERSION)
    throw new DataError(
      `expected a version from 1 to ${VERSION} of a classifier's file in ${source}, but it is ${about.version}; a newer @longtail/heads reads it.`,
    );
  return about as never;
}

function arrayOf(
  arrays: Arrays,
  name: string,
  { source, rank = 1 }: { source: string; rank?: number },
): Required<NamedArray> {
  const array = arrays.get(name);
  if (!array)
    throw new DataError(`expected "${name}" in ${source}, but it is not there; the file is not whole.`);
  if (!['float32', 'float64', 'int32'].includes(array.dtype))
    throw new DataError(`expected numbers under "${name}" in ${source}, but it is ${array.dtype}.`);
  if (array.shape.length !== rank)
    throw new DataError(`expected "${name}" in ${source} to be of rank ${rank}, but it is [${array.shape}].`);
  return array;
}

const stepOf = (plain: TransformStep, place: number, arrays: Arrays, source: string): TransformStep => {
  if (plain.kind === 'l2' || plain.kind === 'tukey') return plain;
  const rank = plain.kind === 'project' ? 2 : 1;
  const { data, shape } = arrayOf(arrays, `transform.${place}`, { source, rank });
  return { kind: plain.kind, values: Float32Array.from(data as Float32Array), shape } as TransformStep;
};

function scalingOf({ version }: About, arrays: Arrays, source: string): VectorScaling | undefined {
  if (version < 2) return undefined;
  const [scale, offset] = ['scale', 'offset'].map((name) =>
    Float32Array.from(arrayOf(arrays, `scaling.${name}`, { source }).data as Float32Array),
  );
  return { scale: scale!, offset: offset! };
}

/**
 * @param file the whole file's bytes
 * @param options.source its name, for messages
 * @throws DataError when the file is cut short, is no classifier's, is not as it was saved, or its parts do not fit one another
 * @example
 * const made = decodeClassifier(await readFile('head.safetensors'));
 */
export function decodeClassifier(file: Uint8Array, options: { source?: string } = {}): Classifier {
  const { source = 'the file' } = options;
  const { arrays, metadata } = decodeSafetensors(file, { source });
  const about = aboutOf(metadata, source);
  const { checksum, longtail = '' } = metadata; // files of before have no checksum
  if (checksum !== undefined && checksum !== classifierChecksum(arrays, longtail))
    throw new DataError(
      `expected the classifier that was saved in ${source}, but its checksum is another; fetch or save it again.`,
    );
  const transform: FeatureTransform = about.transform.map((step, i) => stepOf(step, i, arrays, source));
  const counts = arrayOf(arrays, 'counts', { source }).data as Int32Array;
  const scaling = scalingOf(about, arrays, source);
  const prior = about.prior ?? (arrayOf(arrays, 'prior', { source }).data as Float32Array);
  const { classNames, temperature, made } = about;
  const weights = new Map<string, tf.Tensor>();
  let head: Head | undefined;
  try {
    for (const [name, array] of arrays)
      if (name.startsWith('head.')) weights.set(name.slice('head.'.length), tensorFrom(name, array, source));
    head = headFrom(about, weights);
    return classifier({ head, classNames, counts, transform, temperature, scaling, prior, made });
  } catch (error) {
    head?.dispose();
    if (!(error instanceof InputError)) throw error;
    throw new DataError(
      `expected the parts of a classifier in ${source} to fit one another, but ${error.message}`,
    );
  } finally {
    tf.dispose([...weights.values()]); // what the head has taken over is disposed already
  }
}
