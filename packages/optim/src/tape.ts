/** What tfjs leaves undone when a differentiation throws or lies within another. */
import * as tf from '@tensorflow/tfjs-core';

/** Runs a differentiation; on a throw, frees what tfjs has saved for a gradient that will now never run. */
export function freeingTape<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    const { activeTape, gradientDepth } = tf.engine().state;
    if (gradientDepth === 0) for (const { saved } of activeTape ?? []) tf.dispose(saved ?? []);
    throw error;
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
