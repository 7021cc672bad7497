/**
 * The alias method (Walker 1977; this way of building the table: Vose 1991): an outcome of any law in constant time.
 * Cell i of n gives i with the chance threshold_i, else alias_i.
 */

/**
 * @param probabilities shape [n], summing to 1
 * @returns [threshold, alias] of each cell, shape [n, 2]: side by side, they are one visit to memory. A threshold is in
 *   units of 2^-24, the grain of uniform(): an integer from 0 to 2^24
 */
export function aliasTable(probabilities: Float64Array): Int32Array {
  const n = probabilities.length;
  const share = probabilities.map((p) => p * n);
  const table = new Int32Array(2 * n);
  const small: number[] = [];
  const large: number[] = [];
  for (let i = 0; i < n; i++) (share[i]! < 1 ? small : large).push(i);
  while (small.length > 0 && large.length > 0) {
    const [s, l] = [small.pop()!, large.at(-1)!];
    table[2 * s + 1] = l;
    share[l]! -= 1 - share[s]!;
    if (share[l]! < 1) small.push(large.pop()!);
  }
  // Rounding leaves some just beside 1; an outcome of chance 0 is never among them, it has found its alias.
  for (const rest of [small, large]) for (const i of rest) share[i] = 1;
  for (let i = 0; i < n; i++) table[2 * i] = Math.ceil(share[i]! * 2 ** 24);
  return table;
}
