/** How numbers and names are written, alike in the terminal and on the page. */
import type { Row } from './results.ts';

/** An empty group's place in a table. */
export const EMPTY = '–';

/** A map, which has nothing for a classifier named `constructor`. */
const CLASSIFIERS: ReadonlyMap<string, string> = new Map([
  ['joint', 'Joint'],
  ['ncm', 'NCM'],
  ['crt', 'cRT'],
  ['tau', 'τ-norm'],
  ['lws', 'LWS'],
  ['ldam-drw', 'LDAM-DRW'],
  ['balanced-softmax', 'balanced softmax'],
  ['logit-adjustment', 'logit adjustment'],
  ['mislas', 'MiSLAS'],
  ['weight-balancing', 'weight balancing'],
  ['balpoe', 'BalPoE'],
  ['last-block', 'last block + classifier'],
  ['whole', 'whole network'],
  ['whole-0.1lr', 'whole network, backbone at lr / 10'],
]);

/** The paper's spelling of a classifier; a name of the caller's own stays as it is. */
export function classifierName(classifier: string): string {
  return CLASSIFIERS.get(classifier) ?? classifier;
}

/**
 * An accuracy (0..1) in percent with one decimal, without the sign; `–` where there is none.
 *
 * @example
 * percent(0.4444); // '44.4'
 */
export function percent(accuracy: number | null | undefined): string {
  return typeof accuracy === 'number' && Number.isFinite(accuracy) ? (100 * accuracy).toFixed(1) : EMPTY;
}

/** Equal as they are written is equal: of two 44.4s, both are the best of their column. */
export function isBest(accuracy: number | null, best: number | null | undefined): boolean {
  return accuracy !== null && typeof best === 'number' && percent(accuracy) === percent(best);
}

/** The difference of two accuracies (0..1) in signed percentage points. */
export function points(difference: number): string {
  const text = (100 * Math.abs(difference)).toFixed(1);
  return text === '0.0' ? '±0.0' : `${difference < 0 ? '−' : '+'}${text}`;
}

/** Such as a correlation, with two decimals. */
export const signed = (value: number): string => value.toFixed(2).replace('-', '−');

/** What was chosen on the selection split: `tau 0.7`. */
export function chosenText(chosen: Row['chosen']): string {
  return Object.entries(chosen ?? {})
    .map(([name, value]) => `${name} ${+value.toPrecision(4)}`)
    .join(', ');
}

/** 75 is `1 min 15 s`; rounded before it is taken apart, as 119.7 is `2 min 0 s`. */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  const minutes = Math.round(seconds / 60);
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `1 class`, `2 classes`; thousands are grouped. */
export function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}

/** 1,234,567 bytes are `1.2 MB`. */
export function size(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  const power = Math.min(units.length - 1, Math.max(0, Math.floor(Math.log10(Math.max(bytes, 1)) / 3)));
  const value = bytes / 1000 ** power;
  return `${power > 0 && value < 10 ? value.toFixed(1) : Math.round(value)} ${units[power]}`;
}
