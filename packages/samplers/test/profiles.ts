/** CIFAR-LT's exponential profile (LDAM): n_c = trunc(n_max f^(c / (C - 1))), f = 1 / imbalance. */
export function cifarLabels(numClasses: 10 | 100, imbalance: number): number[] {
  const counts = Array.from({ length: numClasses }, (_, c) =>
    Math.trunc((50_000 / numClasses) * (1 / imbalance) ** (c / (numClasses - 1))),
  );
  return counts.flatMap((n, c) => Array<number>(n).fill(c));
}
