/**
 * How often of n trials something of probability p happens. Few expected: inversion, a step a success. Many: rejection from
 * a transformed uniform, BTRS of W. Hoermann, "The generation of binomial random variates", J. Stat. Comput. Simul. 46 (1993).
 */
/** BTRS holds from here on. */
const MANY = 10;

/** @param p in [0, 1] @param uniform gives numbers in [0, 1) */
export function drawBinomial(n: number, p: number, uniform: () => number): number {
  if (p > 0.5) return n - drawBinomial(n, 1 - p, uniform);
  if (n === 0 || p === 0) return 0;
  if (n === 1) return uniform() < p ? 1 : 0;
  return n * p < MANY ? byInversion(n, p, uniform) : byRejection(n, p, uniform);
}

function byInversion(n: number, p: number, uniform: () => number): number {
  const odds = p / (1 - p);
  let probability = (1 - p) ** n;
  let left = uniform();
  let k = 0;
  while (left > probability && k < n) {
    left -= probability;
    k++;
    probability *= ((n + 1 - k) / k) * odds;
  }
  return k;
}

/** log k! less Stirling's (k + 1/2) log(k + 1) - (k + 1) + log(2 pi)/2: the series, from 10 on to 1e-11. */
function stirlingRest(k: number): number {
  if (k < 10) return SMALL_RESTS[k]!;
  const square = (k + 1) * (k + 1);
  return (1 / 12 - (1 / 360 - 1 / 1260 / square) / square) / (k + 1);
}

const SMALL_RESTS = Float64Array.from({ length: 10 }, (_, k) => {
  let logFactorial = 0;
  for (let i = 2; i <= k; i++) logFactorial += Math.log(i);
  return logFactorial - (k + 0.5) * Math.log(k + 1) + (k + 1) - Math.log(2 * Math.PI) / 2;
});

function byRejection(n: number, p: number, uniform: () => number): number {
  const deviation = Math.sqrt(n * p * (1 - p));
  const b = 1.15 + 2.53 * deviation;
  const a = -0.0873 + 0.0248 * b + 0.01 * p;
  const surelyBelow = 0.92 - 4.2 / b;
  const alpha = (2.83 + 5.1 / b) * deviation;
  const mode = Math.floor((n + 1) * p);
  const odds = p / (1 - p);
  while (true) {
    const u = uniform() - 0.5;
    const edge = 0.5 - Math.abs(u);
    const k = Math.floor(((2 * a) / edge + b) * u + n * p + 0.5);
    const v = uniform();
    if (edge >= 0.07 && v <= surelyBelow) return k;
    if (!(k >= 0 && k <= n)) continue;
    const bound =
      (mode + 0.5) * Math.log((mode + 1) / (odds * (n - mode + 1))) +
      (n + 1) * Math.log((n - mode + 1) / (n - k + 1)) +
      (k + 0.5) * Math.log((odds * (n - k + 1)) / (k + 1)) +
      (stirlingRest(mode) + stirlingRest(n - mode) - stirlingRest(k) - stirlingRest(n - k));
    if (Math.log((v * alpha) / (a / (edge * edge) + b)) <= bound) return k;
  }
}
