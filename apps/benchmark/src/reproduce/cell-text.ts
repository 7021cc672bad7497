/** How a number of an experiment is written: shares in percent, others with two decimals. */
import { EMPTY, percent, points } from '@longtail/report/results';
import { type Cell, differenceOf, type Ends } from './collect.ts';
import type { Column } from './experiment.ts';

const plain = (value: number): string => value.toFixed(2).replace('-', '−');

export function numberText({ isShare }: Column, value: number | null | undefined): string {
  if (isShare) return percent(value);
  return typeof value === 'number' && Number.isFinite(value) ? plain(value) : EMPTY;
}

/** None without width: rows that are all right, or all wrong, do not say how much others would vary. */
const widthOf = ({ interval }: Cell): Ends | undefined =>
  interval && interval[0] < interval[1] ? interval : undefined;

/** `45.0–47.1`; '' where there is none. */
export const intervalOfCell = (column: Column, cell: Cell): string =>
  (widthOf(cell) ?? []).map((end) => numberText(column, end)).join('–');

/** What the star of a difference means. */
export const BEYOND = '* the published number is outside of our interval.';

function isBeyond(cell: Cell): boolean {
  const [interval, { published }] = [widthOf(cell), cell];
  return interval !== undefined && published !== null && (published < interval[0] || published > interval[1]);
}

/** Signed, with a star where the published number is outside of our interval; '' where one of both is not there. */
export function differenceText({ isShare }: Column, cell: Cell): string {
  const difference = differenceOf(cell);
  if (difference === undefined) return '';
  const text = isShare ? points(difference) : `${difference < 0 ? '' : '+'}${plain(difference)}`;
  return isBeyond(cell) ? `${text}*` : text;
}
