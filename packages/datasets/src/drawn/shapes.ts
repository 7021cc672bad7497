/**
 * Figures as signed distances: below 0 inside, 0 on the outline, above 0 outside; a figure fills about the unit circle.
 */

/** @param x, y in the figure's own frame, its centre at 0, its radius 1 */
export type Shape = (x: number, y: number) => number;

const box = (x: number, y: number, halfWidth: number, halfHeight: number): number => {
  const [dx, dy] = [Math.abs(x) - halfWidth, Math.abs(y) - halfHeight];
  return Math.hypot(Math.max(dx, 0), Math.max(dy, 0)) + Math.min(Math.max(dx, dy), 0);
};

/** A regular polygon by its nearest side: exact inside, which is all that drawing needs. */
const polygon = (x: number, y: number, sides: number, inradius: number): number => {
  const sector = (2 * Math.PI) / sides;
  const angle = Math.atan2(x, y);
  const turned = angle - sector * Math.round(angle / sector);
  return Math.hypot(x, y) * Math.cos(turned) - inradius;
};

/** Five points: the plane folded into one half of one point, whose edge runs from its tip to the notch beside it. */
const star = (x: number, y: number): number => {
  const sector = (2 * Math.PI) / 5;
  const angle = Math.atan2(x, y);
  const turned = Math.abs(angle - sector * Math.round(angle / sector));
  const radius = Math.hypot(x, y);
  const tip = 1.15;
  const [edgeX, edgeY] = [0.5 * Math.sin(sector / 2), 0.5 * Math.cos(sector / 2) - tip];
  const [px, py] = [radius * Math.sin(turned), radius * Math.cos(turned) - tip];
  return (py * edgeX - px * edgeY) / Math.hypot(edgeX, edgeY);
};

export const SHAPES: Readonly<Record<string, Shape>> = {
  disc: (x, y) => Math.hypot(x, y) - 0.9,
  ring: (x, y) => Math.abs(Math.hypot(x, y) - 0.72) - 0.26,
  square: (x, y) => box(x, y, 0.78, 0.78),
  triangle: (x, y) => polygon(x, -y, 3, 0.56),
  cross: (x, y) => Math.min(box(x, y, 0.98, 0.34), box(x, y, 0.34, 0.98)),
  star,
};
