/**
 * Sums that do not depend on the order of what is added: x = a + b 2^-26 + c 2^-52 with integers a, b, c, each summed on
 * its own, and sums of integers below 2^53 are exact. So shards merged are the whole, to the last bit.
 * What is left of x below 2^-52 is dropped; |sum of x| must stay below 2^53, and the numbers below 2^27 in number.
 */

const SHIFT = 2 ** 26;

/** Places for `length` sums, three numbers each. */
export function exactSums(length: number): Float64Array {
  return new Float64Array(3 * length);
}

/** An infinite x makes the sum infinite. */
export function addExact(sums: Float64Array, at: number, x: number): void {
  const place = 3 * at;
  const whole = Math.floor(x);
  sums[place]! += whole;
  if (whole === x) return;
  const high = (x - whole) * SHIFT;
  const middle = Math.floor(high);
  sums[place + 1]! += middle;
  sums[place + 2]! += Math.floor((high - middle) * SHIFT);
}

export function exactAt(sums: Float64Array, at: number): number {
  const place = 3 * at;
  return sums[place]! + (sums[place + 1]! + sums[place + 2]! / SHIFT) / SHIFT;
}

/** The sum of several places. */
export function exactOver(sums: Float64Array, places: Iterable<number>): number {
  const total = exactSums(1);
  for (const at of places) for (let k = 0; k < 3; k++) total[k]! += sums[3 * at + k]!;
  return exactAt(total, 0);
}
