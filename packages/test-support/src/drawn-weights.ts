/**
 * Weights and pictures by a formula that Python scripts repeat (packages/backbones/test/golden/drawn.py), so that no file has to
 * carry them. Value i of the array `name` comes from u(i) in [0, 1): 24 bits of MurmurHash3's finalizer of FNV-1a(name) + i 0x9e3779b9.
 */

function fnv1a(name: string): number {
  let hash = 0x811c9dc5;
  for (const byte of new TextEncoder().encode(name)) hash = Math.imul(hash ^ byte, 0x01000193);
  return hash;
}

/** @returns u(0) .. u(count - 1), as low + (high - low) u in float32 */
export function drawn(name: string, count: number, [low, high]: readonly [number, number]): Float32Array {
  const start = fnv1a(name);
  const values = new Float32Array(count);
  for (let i = 0; i < count; i++) {
    let bits = (start + Math.imul(i, 0x9e3779b9)) | 0;
    bits = Math.imul(bits ^ (bits >>> 16), 0x85ebca6b);
    bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2ae35);
    const u = ((bits ^ (bits >>> 16)) >>> 8) / 2 ** 24;
    values[i] = low + (high - low) * u;
  }
  return values;
}

/** By a PyTorch name and shape: filters as He's uniform law, batch norms so that a deep network neither fades nor grows. */
export function drawnWeight(name: string, shape: readonly number[]): Float32Array {
  const count = shape.reduce((n, d) => n * d, 1);
  const bound = Math.sqrt(6 / (count / shape[0]!));
  if (shape.length > 1) return drawn(name, count, [-bound, bound]);
  if (name.endsWith('running_var')) return drawn(name, count, [0.5, 1.5]);
  return drawn(name, count, name.endsWith('weight') ? [0.25, 0.75] : [-0.1, 0.1]);
}

type Shaped = { readonly shape: readonly number[] };

/** A PyTorch state dict of drawn weights, for variables by name whose filters lie HWIO. */
export function drawnStateDict(
  weights: Iterable<readonly [name: string, Shaped]>,
): Map<string, Shaped & { data: Float32Array }> {
  const torchShape = (shape: readonly number[]) =>
    shape.length === 4 ? [shape[3]!, shape[2]!, shape[0]!, shape[1]!] : shape;
  return new Map(
    Array.from(weights, ([name, { shape: own }]) => {
      const shape = torchShape(own);
      return [name, { shape, data: drawnWeight(name, shape) }];
    }),
  );
}
