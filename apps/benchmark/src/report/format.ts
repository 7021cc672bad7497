/** How numbers and names are written, alike in the terminal and on the page. */
import type { Row } from '../results.ts';

/** An empty group's place in a table. */
export const EMPTY = '–';

const CLASSIFIERS: Readonly<Record<string, string>> = {
  joint: 'Joint',
  ncm: 'NCM',
  crt: 'cRT',
  tau: 'τ-norm',
  lws: 'LWS',
};

/** The paper's spelling of a classifier; a name of the caller's own stays as it is. */
export function classifierName(classifier: string): string {
  return CLASSIFIERS[classifier] ?? classifier;
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

/** The difference of two accuracies (0..1) in signed percentage points. */
export function points(difference: number): string {
  const text = (100 * Math.abs(difference)).toFixed(1);
  return text === '0.0' ? '±0.0' : `${difference < 0 ? '−' : '+'}${text}`;
}

/** What was chosen on the selection split: `tau 0.7`. */
export function chosenText(chosen: Row['chosen']): string {
  return Object.entries(chosen)
    .map(([name, value]) => `${name} ${+value.toPrecision(4)}`)
    .join(', ');
}

/** 75 is `1 min 15 s`. */
export function duration(seconds: number): string {
  if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  const minutes = Math.floor(Math.round(seconds) / 60);
  if (minutes < 60) return `${minutes} min ${Math.round(seconds) % 60} s`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** `1 class`, `2 classes`; thousands are grouped. */
export function counted(count: number, one: string, many: string): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
