/**
 * A block of a vision transformer (Dosovitskiy et al., 2021, equations 2 and 3), normalised before each branch:
 *   z = x + gamma_1 proj(attention(qkv(norm1(x)))),  y = z + gamma_2 fc2(gelu(fc1(norm2(z))))
 * The gammas (LayerScale: Touvron et al., 2021) are DINOv2's alone.
 */
import { gelu, selfAttention } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import type { VitArchitecture } from './architectures.ts';
import { dense, type Layer, norm, variable, type Weights } from './layers.ts';

/** Tokens of all pictures, shape [N T, D]; at the end only the class tokens, [N, D]: nothing else of them is looked at. */
export type Block = (x: tf.Tensor2D, options: { pictures: number; toClassTokens: boolean }) => tf.Tensor2D;

/** The first token of each picture: [N T, D] or [N, T, D] as [N, D]. */
export const classTokens = (x: tf.Tensor, pictures: number): tf.Tensor2D => {
  const width = x.shape.at(-1)!;
  const tokens = tf.reshape(x, [pictures, x.size / width / pictures, width]);
  return tf.reshape(tf.slice(tokens, [0, 0, 0], [pictures, 1, width]), [pictures, width]);
};

/** x + gamma y */
function residual(weights: Weights, name: string, { width, layerScale }: VitArchitecture) {
  if (layerScale === undefined) return (x: tf.Tensor2D, y: tf.Tensor2D) => tf.add(x, y) as tf.Tensor2D;
  const gamma = variable(weights, `${name}.gamma`, { shape: [width], start: layerScale });
  return (x: tf.Tensor2D, y: tf.Tensor2D) => tf.add(x, tf.mul(y, gamma)) as tf.Tensor2D;
}

function attentionBranch(weights: Weights, name: string, architecture: VitArchitecture): Block {
  const { width, heads, qkvBias } = architecture;
  const before = norm(weights, `${name}.norm1`, architecture);
  const qkv = dense(weights, `${name}.attn.qkv`, { inputs: width, outputs: 3 * width, hasBias: qkvBias });
  const proj = dense(weights, `${name}.attn.proj`, { inputs: width, outputs: width });
  const add = residual(weights, `${name}.ls1`, architecture);
  return (x, { pictures, toClassTokens }) => {
    const parts: tf.Tensor3D = tf.reshape(qkv(before(x)), [pictures, x.shape[0] / pictures, 3 * width]);
    const mixed = selfAttention(parts, { heads });
    return toClassTokens
      ? add(classTokens(x, pictures), proj(classTokens(mixed, pictures)))
      : add(x, proj(tf.reshape(mixed, x.shape)));
  };
}

function mlpBranch(weights: Weights, name: string, architecture: VitArchitecture): Layer {
  const { width, mlpRatio, activation } = architecture;
  const before = norm(weights, `${name}.norm2`, architecture);
  const hidden = width * mlpRatio;
  const fc1 = dense(weights, `${name}.mlp.fc1`, { inputs: width, outputs: hidden });
  const fc2 = dense(weights, `${name}.mlp.fc2`, { inputs: hidden, outputs: width });
  const add = residual(weights, `${name}.ls2`, architecture);
  return (x) => add(x, fc2(gelu(fc1(before(x)), { form: activation })));
}

export function block(weights: Weights, name: string, architecture: VitArchitecture): Block {
  const attend = attentionBranch(weights, name, architecture);
  const mlp = mlpBranch(weights, name, architecture);
  // What a branch has computed on its way is freed before the next one wants memory.
  return (x, options) =>
    tf.tidy(() => {
      const mixed = tf.tidy(() => attend(x, options));
      return tf.tidy(() => mlp(mixed));
    });
}
