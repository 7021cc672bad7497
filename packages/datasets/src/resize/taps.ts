/**
 * Which inputs each output place of an antialiased bilinear resize is a sum of, and their weights, as ATen has them for
 * bytes: a triangle as wide as the scale, divided by its sum, in int16 with as many bits as the largest weight leaves
 * (aten/src/ATen/native/cpu/UpSampleKernel.cpp, `_compute_index_ranges_int16_weights`).
 */

export interface Taps {
  /** The first input of each output place, shape [outputs]. */
  readonly first: Int32Array;
  /** Shape [outputs, taps]; 0 where a place has fewer. */
  readonly weights: Int16Array;
  /** Even, so that two are taken at once. */
  readonly taps: number;
  /** A weight of 1 is 2^precision. */
  readonly precision: number;
}

/** Of one axis with `inputs` places, resized to `outputs`. */
export function bilinearTaps(inputs: number, outputs: number): Taps {
  const scale = inputs / outputs;
  const support = Math.max(1, scale);
  const taps = 2 * (Math.ceil(support) + 1); // one more than can be, made even
  const exact = new Float64Array(outputs * taps);
  const first = new Int32Array(outputs);
  let largest = 0;
  for (let i = 0; i < outputs; i++) {
    const centre = scale * (i + 0.5);
    const from = Math.max(0, Math.trunc(centre - support + 0.5));
    const size = Math.min(inputs, Math.trunc(centre + support + 0.5)) - from;
    first[i] = from;
    let total = 0;
    for (let j = 0; j < size; j++) {
      const weight = Math.max(0, 1 - Math.abs((j + from - centre + 0.5) / support));
      exact[i * taps + j] = weight;
      total += weight;
    }
    for (let j = i * taps; j < i * taps + size; j++) {
      exact[j]! /= total;
      largest = Math.max(largest, exact[j]!);
    }
  }
  const precision = bitsFor(largest);
  return trimmed(first, exact, taps, precision);
}

/** The inputs [from, to) that the `count` places from `first` on are computed from. */
export function inputsOf(
  inputs: number,
  outputs: number,
  first: number,
  count: number,
): [from: number, to: number] {
  const last = first + count - 1;
  if (inputs === outputs) return [Math.max(0, first), Math.min(inputs, last + 1)];
  const scale = inputs / outputs;
  const support = Math.max(1, scale);
  return [
    Math.max(0, Math.trunc(scale * (first + 0.5) - support + 0.5)),
    Math.min(inputs, Math.trunc(scale * (last + 0.5) + support + 0.5)),
  ];
}

/** The most bits, at most 22, with which the largest weight fits an int16. */
function bitsFor(largest: number): number {
  let precision = 0;
  while (precision < 22 && Math.trunc(0.5 + largest * 2 ** (precision + 1)) < 2 ** 15) precision++;
  return precision;
}

/** As integers, without the columns that are 0 for every place. */
function trimmed(first: Int32Array, exact: Float64Array, columns: number, precision: number): Taps {
  let used = 1;
  for (let i = 0; i < exact.length; i++) if (exact[i]! > 0) used = Math.max(used, (i % columns) + 1);
  const taps = used + (used % 2);
  const weights = new Int16Array(first.length * taps);
  for (let i = 0; i < first.length; i++)
    for (let j = 0; j < taps; j++)
      weights[i * taps + j] = Math.trunc(exact[i * columns + j]! * 2 ** precision + 0.5);
  return { first, weights, taps, precision };
}
