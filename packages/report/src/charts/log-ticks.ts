/** The ticks of a logarithmic axis of counts. */

/** Powers of ten, with 2 and 5 between them where the range is short. */
export function logTicks(from: number, to: number): number[] {
  const steps = to / from > 300 ? [1] : [1, 2, 5];
  const ticks = Array.from({ length: 8 }, (_, power) => steps.map((step) => step * 10 ** power)).flat();
  return ticks.filter((tick) => tick >= from && tick <= to);
}
