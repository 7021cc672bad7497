/** Weights of a PyTorch state dict into a backbone, and back. */
import { checkOptions, checkStrings, DataError } from '@longtail/core';
import { float32Of, type NamedArray, type NamedArrays } from '@longtail/formats';
import * as tf from '@tensorflow/tfjs-core';
import type { Backbone } from './backbone.ts';
import { checkArrays, checkBackbone, checkFlags } from './checks.ts';
import { type Misfits, misfitSentence } from './misfit.ts';
import { findNames } from './names.ts';

/** PyTorch keeps filters OIHW, tfjs HWIO. */
const fromTorch = (x: tf.Tensor): tf.Tensor => (x.rank === 4 ? tf.transpose(x, [2, 3, 1, 0]) : x);
const toTorch = (x: tf.Tensor): tf.Tensor => (x.rank === 4 ? tf.transpose(x, [3, 2, 0, 1]) : x);
const torchShape = ({ shape }: tf.Tensor): number[] =>
  shape.length === 4 ? [shape[3]!, shape[2]!, shape[0]!, shape[1]!] : shape;

/** What batch norms of PyTorch count and never use at a fixed momentum. */
const isCounter = (name: string): boolean => name.endsWith('.num_batches_tracked');
/** What stands behind a backbone in its file. */
const HEAD = /^(fc|linear|last_linear|classifier|head|logits)\./;

export interface LoadOptions {
  /** What stands before the names; default: whatever most of them are found behind. */
  readonly prefix?: string;
  /** false: missing weights stay as they are, and unexpected ones are left alone. */
  readonly strict?: boolean;
}

export interface Loaded {
  readonly prefix: string;
  /** The backbone's names that the file lacks; none where `strict`. */
  readonly missing: readonly string[];
  /** The file's names behind the prefix that the backbone lacks, a linear head's apart; none where `strict`. */
  readonly unexpected: readonly string[];
  /** All else in the file, by its own names: a classifier, an optimizer, what was unexpected. */
  readonly rest: NamedArrays;
}

/**
 * Assigns every weight of the backbone from a state dict: of this package, torchvision, timm, Hugging Face or a long-tailed
 * repository, behind whatever prefix, in any floating-point type.
 *
 * @param arrays by PyTorch's names, filters [O, I, kh, kw]
 * @throws DataError naming what is missing, unexpected, of another shape, NaN or infinite; nothing is assigned then. Its
 *   `details.finding` is the message without what a program can do about it
 * @example
 * const { rest } = loadWeights(backbone, arrays);
 * rest.get('fc.weight'); // the classifier of the same file
 */
export function loadWeights(backbone: Backbone, arrays: NamedArrays, options: LoadOptions = {}): Loaded {
  checkBackbone(backbone);
  checkArrays(arrays);
  const { prefix: given, strict = true } = checkOptions(options, { of: 'loadWeights' });
  checkFlags({ strict });
  if (given !== undefined) checkStrings({ prefix: given });
  const { name, weights } = backbone;
  const names = [...arrays.keys()].filter((key) => !isCounter(key));
  const { prefix, found } = findNames(new Set(weights.keys()), names, { name, prefix: given });
  const used = new Set(found.values());
  const others = names.filter((key) => !used.has(key));
  const missing = [...weights.keys()].filter((key) => !found.has(key));
  const unexpected = others.filter((key) => key.startsWith(prefix) && !HEAD.test(key.slice(prefix.length)));
  const { values, ...broken } = valuesOf(backbone, arrays, found);
  const leftOut = strict || found.size === 0 ? { missing, unexpected } : { missing: [], unexpected: [] };
  const misfits: Misfits = { ...leftOut, ...broken };
  if (Object.values(misfits).some((list) => list.length > 0)) {
    const { finding, advice } = misfitSentence(name, misfits, { prefix, names: others });
    throw new DataError(`${finding}; ${advice}.`, { ...misfits, prefix, finding });
  }
  assign(values);
  return { prefix, missing, unexpected, rest: new Map(others.map((key) => [key, arrays.get(key)!])) };
}

type Values = readonly (readonly [tf.Variable, Float32Array])[];

function valuesOf(
  { weights }: Backbone,
  arrays: NamedArrays,
  found: ReadonlyMap<string, string>,
): { values: Values } & Pick<Misfits, 'misshapen' | 'unusable'> {
  const values: [tf.Variable, Float32Array][] = [];
  const misshapen: Misfits['misshapen'][number][] = [];
  const unusable: Misfits['unusable'][number][] = [];
  for (const [own, name] of found) {
    const [variable, array] = [weights.get(own)!, arrays.get(name)!];
    const expected = torchShape(variable);
    const fits = tf.util.arraysEqual(expected, [...array.shape]);
    if (!fits) misshapen.push({ name, expected, found: array.shape });
    else if (!isFloat(array)) unusable.push({ name, why: 'holds no floating-point numbers' });
    else {
      const numbers = float32Of(array);
      const place = numbers.findIndex((value) => !Number.isFinite(value));
      if (place < 0) values.push([variable, numbers]);
      else unusable.push({ name, why: `is ${numbers[place]} at element ${place}` });
    }
  }
  return { values, misshapen, unusable };
}

const isFloat = ({ dtype, data }: NamedArray): boolean =>
  data instanceof Float32Array || data instanceof Float64Array || /float/.test(dtype ?? '');

/** All tensors are made before the first variable changes. */
function assign(values: Values): void {
  tf.tidy(() => {
    // A copy: tfjs's own backend would go on reading the caller's array.
    const tensors = values.map(([variable, numbers]) =>
      fromTorch(tf.tensor(numbers.slice(), torchShape(variable))),
    );
    for (const [i, [variable]] of values.entries()) variable.assign(tensors[i]!);
  });
}

/**
 * The backbone's weights as a PyTorch state dict: filters [O, I, kh, kw]. A strict `load_state_dict` takes them, since
 * PyTorch begins the counters of batch norms (`num_batches_tracked`), which are not written, by itself.
 */
export function saveWeights(backbone: Backbone): Map<string, NamedArray> {
  checkBackbone(backbone);
  return new Map(
    [...backbone.weights].map(([name, variable]) => {
      // Read outside of tidy, which looks for tensors in every element of what it returns.
      const value = tf.tidy(() => toTorch(variable.clone()));
      const data = value.dataSync<'float32'>().slice() as Float32Array;
      value.dispose();
      return [name, { shape: value.shape, data }];
    }),
  );
}
