/**
 * Whether a forward pass runs for the second time, to give a backward pass what was not kept (gradient checkpointing):
 * what a layer counts or moves besides its output, as the running statistics of batch normalisation, moves the first time.
 */
let depth = 0;

/** For layers with a state of their own; {@link batchNormTrain} asks by itself. */
export function isRecomputing(): boolean {
  return depth > 0;
}

/** Runs a forward pass for the second time. */
export function recomputing<T>(run: () => T): T {
  depth++;
  try {
    return run();
  } finally {
    depth--;
  }
}
