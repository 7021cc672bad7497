/** Ranks from 1, the smallest first; equal values share the mean of their ranks. */
export function ranks(values: readonly number[]): number[] {
  const order = [...values.keys()].sort((a, b) => values[a]! - values[b]!);
  const found = new Array<number>(values.length);
  for (let start = 0, end = 0; start < order.length; start = end) {
    while (end < order.length && values[order[end]!] === values[order[start]!]) end++;
    for (let i = start; i < end; i++) found[order[i]!] = (start + 1 + end) / 2;
  }
  return found;
}

/** Sum over groups of t equal ones of t^3 - t, which is what ties take from the variance of ranks. */
export function ties(rank: readonly number[]): number {
  const sizes = new Map<number, number>();
  for (const one of rank) sizes.set(one, (sizes.get(one) ?? 0) + 1);
  return [...sizes.values()].reduce((sum, t) => sum + t ** 3 - t, 0);
}
