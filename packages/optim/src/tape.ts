/** What tfjs leaves undone or unsaid when a differentiation throws or lies within another. */
import { InputError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';

/** tfjs-core registers no gradients in Node, and a bundler leaves out those that nobody imports. */
function explained(error: unknown): unknown {
  const [, kernel] = /gradient function not found for (\w+)/.exec(String(error)) ?? [];
  if (kernel === undefined) return error;
  return new InputError(
    `training needs the gradients of TensorFlow.js, but that of ${kernel} is not registered; import '@tensorflow/tfjs' once, before training.`,
    { kernel },
    { cause: error },
  );
}

/**
 * Runs a differentiation; on a throw, frees what tfjs has saved for a gradient that will now never run.
 *
 * @throws InputError where tfjs lacks a gradient
 */
export function freeingTape<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    const { activeTape, gradientDepth } = tf.engine().state;
    if (gradientDepth === 0) for (const { saved } of activeTape ?? []) tf.dispose(saved ?? []);
    throw explained(error);
  }
}

/** Runs a differentiation within the backward pass of another one, whose tape tfjs would forget. */
export function withinBackward<T>(run: () => T): T {
  const { state } = tf.engine();
  const { activeTape } = state;
  try {
    return freeingTape(run);
  } finally {
    if (state.gradientDepth === 0) state.activeTape = activeTape;
  }
}
