/** What covers a figure: how much of the second tone is at a place, 0..1. */

/** @param x, y in pixels, in a frame that is turned anew for each picture; period in pixels */
export type Texture = (x: number, y: number, period: number) => number;

/** 0 to 1 over about a pixel: edges of a pattern that do not flicker with its place. */
const soft = (distance: number): number => Math.min(1, Math.max(0, 0.5 + distance));

export const TEXTURES: Readonly<Record<string, Texture>> = {
  plain: () => 0,
  striped: (x, _, period) => soft((Math.sin((2 * Math.PI * x) / period) * period) / 4),
  dotted: (x, y, period) => {
    const toCell = (at: number) => at - period * Math.round(at / period);
    return soft(0.34 * period - Math.hypot(toCell(x), toCell(y)));
  },
};
