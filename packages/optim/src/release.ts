/**
 * Frees what the backward pass is done with. tfjs keeps every gradient and everything saved for one until the whole
 * pass is over; freed node by node, the peak of a training step is about the forward pass alone.
 */
import * as tf from '@tensorflow/tfjs-core';

/** The part of tfjs's tape that is needed here. */
interface TapeNode {
  readonly inputs: Readonly<Record<string, tf.Tensor>>;
  readonly outputs: readonly tf.Tensor[];
  saved?: tf.Tensor[];
  gradient?: (dys: tf.Tensor[]) => Record<string, () => tf.Tensor>;
}

/**
 * The tensors that one operation alone uses of those that lead to y: what its gradient gives is their whole gradient. (tfjs
 * has copies on the tape of all that it saves, which lead nowhere.)
 */
function usedOnce(tape: readonly TapeNode[], y: tf.Tensor): Set<number> {
  const [leading, uses] = [new Set([y.id]), new Map<number, number>()];
  for (const { inputs, outputs } of [...tape].reverse()) {
    if (!outputs.some(({ id }) => leading.has(id))) continue;
    for (const { id } of Object.values(inputs)) {
      leading.add(id);
      uses.set(id, (uses.get(id) ?? 0) + 1);
    }
  }
  return new Set([...uses].flatMap(([id, count]) => (count === 1 ? [id] : [])));
}

/** To hear of tensors whose gradient is whole while the pass goes on: of those that y depends on by one operation alone. */
export interface Whole {
  readonly y: tf.Tensor;
  readonly onWhole: (of: tf.Tensor, gradient: tf.Tensor) => void;
}

/**
 * To be called at the end of a function that `tf.variableGrads` or `tf.grads` differentiates, inside it. Does nothing
 * for the inner ones of nested gradients, whose tape is needed again.
 */
export function releaseAsGradientsGo(whole?: Whole): void {
  const { activeTape, gradientDepth } = tf.engine().state;
  if (gradientDepth !== 1) return;
  const once = whole && usedOnce(activeTape as unknown as TapeNode[], whole.y);
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
          const given = slope();
          const dx = shared.includes(given) ? tf.clone(given) : given;
          shared.push(dx);
          const input = node.inputs[name]!;
          if (once?.has(input.id)) whole!.onWhole(input, dx);
          return dx;
        };
      }
      return slopes;
    };
  }
}
