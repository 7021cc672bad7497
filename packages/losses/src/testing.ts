/** The conformance suite of losses: run it on one of your own, with vitest. */
import { extent } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import type { Labels, Loss, LossOptions } from './loss.ts';

const LOGITS = [
  [0.3, -1.2, 2.1, 0.4],
  [-0.7, 0.9, 0.1, 1.6],
  [1.1, 1.0, -0.2, -2.3],
];
const LABELS = [2, 0, 1];
const FEATURES = [
  [1, 0, 2],
  [0.5, 0.1, 0],
  [3, 1, 1],
];
/** Before and after any epoch at which a loss changes. */
const EPOCHS = [0, 100_000];

interface Found {
  readonly value: number;
  readonly gradient: Float32Array;
}

/** Value and gradient on plain data; soft: the labels as one-hot targets. */
function evaluate(
  loss: Loss,
  rows: number[][],
  labels: number[],
  { epoch = 0, soft = false }: { epoch?: number; soft?: boolean } = {},
): Found {
  return tf.tidy(() => {
    const hard = tf.tensor1d(labels, 'int32');
    const given: Labels = soft
      ? tf.tensor2d(
          labels.flatMap((label) => rows[0]!.map((_, c) => (c === label ? 1 : 0))),
          [labels.length, rows[0]!.length],
        )
      : hard;
    const options: LossOptions = { epoch, step: 7, features: tf.tensor2d(FEATURES) };
    const { value, grad } = tf.valueAndGrad((z) => loss(z as tf.Tensor2D, given, options))(tf.tensor2d(rows));
    expect(value.shape).toEqual([]);
    return { value: value.dataSync()[0]!, gradient: grad.dataSync() } as never;
  });
}

/** Central differences of fourth order. */
function differences(loss: Loss, epoch: number, h = 1e-2): number[] {
  return LOGITS.flat().map((_, place) => {
    const at = (by: number) => {
      const moved = LOGITS.map((row, r) => row.map((z, c) => (r * 4 + c === place ? z + by : z)));
      return evaluate(loss, moved, LABELS, { epoch }).value;
    };
    return (8 * (at(h) - at(-h)) - (at(2 * h) - at(-2 * h))) / (12 * h);
  });
}

function expectFinite({ value, gradient }: Found): void {
  expect([value, ...gradient].filter((x) => !Number.isFinite(x))).toEqual([]);
}

/**
 * @param make the loss for class counts [C]
 * @param options.soft whether it takes soft targets; if not, it must refuse them
 * @example
 * describeLoss('balanced softmax', (counts) => balancedSoftmax(counts), { soft: true });
 */
export function describeLoss(
  name: string,
  make: (counts: Int32Array) => Loss,
  { soft = false }: { soft?: boolean } = {},
): void {
  describe(`loss ${name}`, () => {
    const loss = make(Int32Array.of(100, 30, 10, 3));

    it.each(EPOCHS)(
      'is finite, the same at the same step, and leaves no tensor behind: epoch %i',
      (epoch) => {
        const before = tf.memory().numTensors;
        const found = evaluate(loss, LOGITS, LABELS, { epoch });
        expectFinite(found);
        expect(evaluate(loss, LOGITS, LABELS, { epoch })).toEqual(found);
        expect(tf.memory().numTensors).toBe(before);
      },
    );

    it.each(EPOCHS)('has the gradient that finite differences give: epoch %i', (epoch) => {
      const { gradient, value } = evaluate(loss, LOGITS, LABELS, { epoch });
      const scale = extent([1, value, ...gradient.map(Math.abs)])[1];
      // A float32 loss has 6e-8 of rounding, divided by h = 1e-2; logits scaled by 30 have a curvature that h^4 shows.
      for (const [place, slope] of differences(loss, epoch).entries())
        expect(Math.abs(slope - gradient[place]!), `place ${place}`).toBeLessThan(1e-3 * scale);
    });

    it.each(EPOCHS)('is finite, with a finite gradient, for logits of +-1e4: epoch %i', (epoch) => {
      const large = LOGITS.map((row) => row.map((z) => Math.sign(z) * 1e4));
      const right = LOGITS.map((row, r) => row.map((_, c) => (c === LABELS[r] ? 1e4 : -1e4)));
      for (const rows of [large, right]) expectFinite(evaluate(loss, rows, LABELS, { epoch }));
    });

    it.each(EPOCHS)(
      'is finite for one class, for equal counts and for classes without images: epoch %i',
      (epoch) => {
        expectFinite(evaluate(make(Int32Array.of(5)), [[0.3], [-2], [9]], [0, 0, 0], { epoch }));
        expectFinite(evaluate(make(Int32Array.of(5, 5, 5, 5)), LOGITS, LABELS, { epoch }));
        expectFinite(evaluate(make(Int32Array.of(100, 7, 10, 0)), LOGITS, LABELS, { epoch }));
        expectFinite(evaluate(make(Int32Array.of(0, 0, 10, 0)), LOGITS, LABELS, { epoch }));
      },
    );

    it(soft ? 'is the same for one-hot targets' : 'refuses soft targets in a sentence', () => {
      const before = tf.memory().numTensors;
      const softly = () => evaluate(loss, LOGITS, LABELS, { soft: true });
      if (soft) {
        const [a, b] = [softly(), evaluate(loss, LOGITS, LABELS)];
        expect(a.value).toBeCloseTo(b.value, 5);
        for (const [i, g] of a.gradient.entries()) expect(g).toBeCloseTo(b.gradient[i]!, 5);
      } else expect(softly).toThrow(/soft targets/);
      expect(tf.memory().numTensors).toBe(before);
    });
  });
}
