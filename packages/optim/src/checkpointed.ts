/**
 * Gradient checkpointing (Chen et al., Training Deep Nets with Sublinear Memory Cost, 2016): of a stage, only the inputs are
 * kept; the backward pass runs it again. With stages of equal size, a deep network's memory falls to its largest stage and
 * the tensors between stages, for one more forward pass.
 */
import { checkFunctions, checkLists, InputError } from '@longtail/core';
import { checkTensors, recomputing } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { checkVariables } from './groups.ts';
import { releaseAsGradientsGo } from './release.ts';
import { withinBackward } from './tape.ts';

type Stage<Inputs extends tf.Tensor[], Output extends tf.Tensor> = (...inputs: Inputs) => Output;

/**
 * Runs a stage without keeping what its gradients need. It runs a second time in the backward pass: it must do the same
 * again, and what it counts or moves besides its output must not move then. `batchNormTrain` sees to its own running
 * statistics; other layers ask `isRecomputing()` of `@longtail/kernels`.
 *
 * @param stage of tensors; what needs no gradient, as pictures, it takes from around it and not as an input
 * @param inputs what gradients flow back to
 * @param variables every trainable variable that the stage uses
 * @returns the stage's output
 * @throws InputError when an input or the output is no tensor, or a variable none or there twice; in the backward pass, when
 *   the stage uses a trainable variable that is not in `variables`
 * @example
 * const y = checkpointed((x) => layer3(x, { training: true }), [x], layer3.trainable);
 */
export function checkpointed<Inputs extends tf.Tensor[], Output extends tf.Tensor>(
  stage: Stage<Inputs, Output>,
  inputs: readonly [...Inputs],
  variables: readonly tf.Variable[],
): Output {
  checkFunctions({ stage });
  checkLists({ inputs });
  inputs.forEach((input, i) => {
    checkTensors({ [`inputs[${i}]`]: input });
  });
  checkVariables(variables);
  const trained = variables.filter(({ trainable }) => trainable);
  const run = tf.customGrad((...given: unknown[]) => {
    const save = given.at(-1) as (tensors: tf.Tensor[]) => void;
    const value = stage(...([...inputs] as unknown as Inputs));
    checkTensors({ 'the output of a checkpointed stage': value });
    save([...inputs]); // last: nothing is kept where the stage throws
    return {
      value: (inputs as readonly tf.Tensor[]).includes(value) ? tf.clone(value) : value,
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => recomputedGradients(stage, { dy, saved, trained }),
    };
  });
  return run(...inputs, ...trained) as Output;
}

function recomputedGradients<Inputs extends tf.Tensor[]>(
  stage: Stage<Inputs, tf.Tensor>,
  { dy, saved, trained }: { dy: tf.Tensor; saved: tf.Tensor[]; trained: tf.Variable[] },
): tf.Tensor[] {
  const of = [...saved, ...trained];
  const again = () => {
    const start = tf.engine().state.activeTape.length;
    const y = recomputing(() => stage(...(saved as Inputs)));
    expectKnown(start, trained);
    releaseAsGradientsGo();
    return y;
  };
  return tf.tidy(() => {
    const { grads } = withinBackward(() => tf.engine().gradients(again, of, dy, true));
    return of.map((x, i) => grads[i] ?? tf.zerosLike(x));
  });
}

/** @throws InputError when a trainable variable is on the tape whose gradient would be lost */
function expectKnown(start: number, trained: readonly tf.Variable[]): void {
  for (const { inputs } of tf.engine().state.activeTape.slice(start))
    for (const input of Object.values(inputs))
      if (input instanceof tf.Variable && input.trainable && !trained.includes(input))
        throw new InputError(
          `a checkpointed stage uses the trainable variable ${input.name}, but was not given it; add it to its variables, or set its trainable to false.`,
          { name: input.name },
        );
}
