/**
 * L-BFGS (Liu & Nocedal, 1989) for smooth functions of all the data at once, such as logistic regression:
 *   x <- x - t H g,   H from the last m pairs s = x' - x, y = g' - g by two loops (Nocedal & Wright, algorithm 7.4)
 */
import {
  checkFunctions,
  checkIntegers,
  checkNumbers,
  checkObjects,
  checkOptions,
  InputError,
} from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { groupsOf } from './groups.ts';
import { type Place, searchLine } from './line-search.ts';
import { turn } from './turn.ts';

export interface LbfgsOptions {
  /** m, how many pairs are kept: as much memory as 2 m times the variables. Default: 10. */
  readonly history?: number;
  /** The end is reached when no slope is larger. Default: 1e-4. */
  readonly tolerance?: number;
  readonly maxIterations?: number;
  readonly signal?: AbortSignal | undefined;
  readonly onIteration?: (iteration: number, value: number) => void;
}

export interface Minimum {
  readonly value: number;
  readonly iterations: number;
  /** The largest absolute slope. */
  readonly slope: number;
  /** Whether `slope` is within the tolerance; if not, float32 has no lower value to offer, or the iterations are used up. */
  readonly converged: boolean;
}

/** The function's value where the variables stand, and its slope for each; the tensors are disposed. */
export type Evaluate = () => { readonly value: number; readonly gradients: readonly tf.Tensor[] };

interface Pair {
  readonly s: tf.Tensor1D;
  readonly y: tf.Tensor1D;
  readonly sy: number;
}

const scalar = (make: () => tf.Tensor): number => tf.tidy(() => make().dataSync()[0]!);

const dot = (a: tf.Tensor1D, b: tf.Tensor1D): number => scalar(() => tf.sum(tf.mul(a, b)));

/** - H g. */
function direction(gradient: tf.Tensor1D, pairs: readonly Pair[]): tf.Tensor1D {
  return tf.tidy(() => {
    let way: tf.Tensor1D = tf.neg(gradient);
    const factors = new Map<Pair, number>();
    for (const pair of pairs.toReversed()) {
      const factor = dot(pair.s, way) / pair.sy;
      factors.set(pair, factor);
      way = tf.sub(way, tf.mul(pair.y, factor));
    }
    const last = pairs.at(-1);
    if (last) way = tf.mul(way, last.sy / dot(last.y, last.y));
    for (const pair of pairs)
      way = tf.add(way, tf.mul(pair.s, factors.get(pair)! - dot(pair.y, way) / pair.sy));
    return way;
  });
}

const flat = (tensors: readonly tf.Tensor[]): tf.Tensor1D =>
  tf.tidy(() => tf.concat1d(tensors.map((tensor) => tf.reshape(tensor, [-1]))));

function assign(variables: readonly tf.Variable[], values: tf.Tensor1D): void {
  tf.tidy(() => {
    const parts = tf.split(
      values,
      variables.map(({ size }) => size),
    );
    variables.forEach((variable, i) => variable.assign(tf.reshape(parts[i]!, variable.shape)));
  });
}

interface Point {
  readonly x: tf.Tensor1D;
  readonly value: number;
  readonly gradient: tf.Tensor1D;
}

const release = ({ x, gradient }: Point): void => tf.dispose([x, gradient]);

const steepest = (gradient: tf.Tensor1D): number => scalar(() => tf.max(tf.abs(gradient)));

/** The function at x, which it takes over. */
function pointAt(x: tf.Tensor1D, variables: readonly tf.Variable[], evaluate: Evaluate): Point {
  try {
    assign(variables, x);
    const found = evaluate();
    checkObjects({ 'what evaluate gives': found });
    const { value, gradients } = found;
    if (!Array.isArray(gradients) || variables.some(({ size }, i) => gradients[i]?.size !== size))
      throw new InputError(
        `evaluate must give a gradient of its shape for each of the ${variables.length} variables.`,
      );
    const gradient = flat(gradients);
    tf.dispose([...gradients]);
    return { x, value, gradient };
  } catch (error) {
    x.dispose();
    throw error;
  }
}

/** The next point; where pairs point nowhere, they are forgotten and the steepest way is tried. */
function step(here: Point, at: (x: tf.Tensor1D) => Point, pairs: Pair[]): Point | undefined {
  const way = direction(here.gradient, pairs);
  try {
    const slope = dot(way, here.gradient);
    // the length of a first step is a guess, SciPy's
    const unit = pairs.length > 0 ? 1 : 1 / Math.max(1, Math.sqrt(-slope));
    const found =
      slope < 0
        ? searchLine<Point & Place>(
            { t: 0, value: here.value, slope: slope * unit },
            (t) => {
              const point = at(tf.tidy(() => tf.add(here.x, tf.mul(way, t * unit))));
              return { ...point, t, slope: dot(way, point.gradient) * unit };
            },
            release,
          )
        : undefined;
    if (found || pairs.length === 0) return found;
  } finally {
    way.dispose();
  }
  for (const { s, y } of pairs.splice(0)) tf.dispose([s, y]);
  return step(here, at, pairs);
}

/** Keeps the pair of a step along which the slope grew, and forgets the oldest. */
function remember(pairs: Pair[], here: Point, next: Point, { history }: { history: number }): void {
  const [s, y] = tf.tidy(() => [tf.sub(next.x, here.x), tf.sub(next.gradient, here.gradient)] as const);
  const sy = dot(s, y);
  if (sy > 0) pairs.push({ s, y, sy });
  else tf.dispose([s, y]);
  if (pairs.length > history) for (const pair of pairs.splice(0, 1)) tf.dispose([pair.s, pair.y]);
}

/**
 * Moves the variables to where the function is least; gives the event loop a turn after every iteration.
 *
 * @throws InputError when a number is out of range, or the function is not finite where the variables stand
 * @throws the signal's reason when it is aborted; the variables are then as the last iteration left them
 * @example
 * const { converged } = await lbfgs([weight, bias], () => ({ value, gradients: [dWeight, dBias] }), { tolerance: 1e-5 });
 */
export async function lbfgs(
  variables: readonly tf.Variable[],
  evaluate: Evaluate,
  options: LbfgsOptions = {},
): Promise<Minimum> {
  const { history = 10, tolerance = 1e-4, maxIterations = 1000 } = checkOptions(options, { of: 'lbfgs' });
  const { signal, onIteration } = options;
  groupsOf(variables, { weightDecay: 0 }); // refuses what is no variable, or one twice
  checkFunctions({ evaluate });
  if (onIteration !== undefined) checkFunctions({ onIteration });
  if (signal !== undefined) checkFunctions({ 'signal.throwIfAborted': signal?.throwIfAborted });
  checkIntegers({ history, maxIterations });
  checkNumbers({ tolerance }, { least: 0 });
  const pairs: Pair[] = [];
  const at = (x: tf.Tensor1D): Point => pointAt(x, variables, evaluate);
  let here = at(flat(variables));
  try {
    if (!Number.isFinite(here.value))
      throw new InputError(`lbfgs needs a finite function, but where it begins it is ${here.value}.`);
    for (let iteration = 0; ; iteration++) {
      const slope = steepest(here.gradient);
      const ended = { value: here.value, iterations: iteration, slope };
      if (slope <= tolerance) return { ...ended, converged: true };
      if (iteration === maxIterations) return { ...ended, converged: false };
      signal?.throwIfAborted();
      const next = step(here, at, pairs);
      if (!next) return { ...ended, converged: false };
      remember(pairs, here, next, { history });
      release(here);
      here = next;
      onIteration?.(iteration, here.value);
      await turn();
    }
  } finally {
    assign(variables, here.x);
    release(here);
    for (const { s, y } of pairs) tf.dispose([s, y]);
  }
}
