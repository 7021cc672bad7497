/**
 * Frees what the backward pass is done with. tfjs keeps every gradient and everything saved for one until the whole
 * pass is over; freed node by node, the peak of a training step is about the forward pass alone.
 */
import * as tf from '@tensorflow/tfjs-core';

/** The part of tfjs's tape that is needed here. */
interface TapeNode {
  saved?: tf.Tensor[];
  gradient?: (dys: tf.Tensor[]) => Record<string, () => tf.Tensor>;
}

/**
 * To be called at the end of a function that `tf.variableGrads` or `tf.grads` differentiates, inside it. Does nothing
 * for the inner ones of nested gradients, whose tape is needed again.
 */
export function releaseAsGradientsGo(): void {
  const { activeTape, gradientDepth } = tf.engine().state;
  if (gradientDepth !== 1) return;
  let release = () => {};
  let isFirst = true;
  for (const node of activeTape as unknown as TapeNode[]) {
    const { gradient, saved = [] } = node;
    if (!gradient) continue;
    node.gradient = (dys) => {
      release(); // the node before is through: the gradients of its inputs are computed
      // What the caller gave, as the gradient of the whole, is the caller's.
      const own: (tf.Tensor | null)[] = isFirst ? [] : dys;
      isFirst = false;
      release = () => {
        for (const tensor of own) tensor?.dispose(); // null: an output that nobody used
        for (const tensor of saved) tensor.dispose();
      };
      // A gradient that is handed on as it came, or handed out twice, must outlive this node.
      const shared = [...dys, ...saved];
      const slopes = gradient(dys);
      for (const name in slopes) {
        const slope = slopes[name]!;
        slopes[name] = () => {
          const dx = slope();
          if (shared.includes(dx)) return tf.clone(dx);
          shared.push(dx);
          return dx;
        };
      }
      return slopes;
    };
  }
}
