/** All numbers of a sweep, to the bit, by the ids of its cells. */
import { cellFolder, type Sweep } from '../src/sweep/cell.ts';
import { numbersOf } from './interrupted.ts';

export const stages: readonly string[] = ['representation', 'features', 'classifiers', 'predictions'];

export const cellNumbers = (sweep: Sweep): object =>
  Object.fromEntries(sweep.cells.map((cell) => [cell.id, numbersOf(cellFolder(sweep, cell), { stages })]));
