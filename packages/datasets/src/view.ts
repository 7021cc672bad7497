/**
 * What of a picture is wanted, before a pixel is decoded: crops, flips and a resize become one view, so that only the
 * part of a file that is needed is decoded and each pixel is computed once.
 */
import { inputsOf } from './resize/taps.ts';

export interface Region {
  readonly top: number;
  readonly left: number;
  readonly height: number;
  readonly width: number;
}

export interface View {
  /** Of the source. What lies outside of it has no part in the result. */
  readonly box: Region;
  /** What the box is resized to. */
  readonly height: number;
  readonly width: number;
  /** Of the resized box. Places outside of it are 0; only a box that keeps its size may have them. */
  readonly window: Region;
  /** Left and right exchanged, at last. */
  readonly mirrored: boolean;
}

/** All of a picture, as it is. */
export function wholeView(height: number, width: number): View {
  const box = { top: 0, left: 0, height, width };
  return { box, height, width, window: box, mirrored: false };
}

export const isUnscaled = ({ box, height, width }: View): boolean =>
  box.height === height && box.width === width;

/** Whether a view shows all of a picture, in its size. */
export const isWhole = (view: View, { height, width }: { height: number; width: number }): boolean =>
  isUnscaled(view) &&
  [view.box, view.window].every(
    (r) => r.top === 0 && r.left === 0 && r.height === height && r.width === width,
  );

/**
 * The part of the source that a view shows, pixel for pixel; undefined where it is resized, mirrored or padded: such a
 * view is made pixels of before another resize.
 */
export function shownBy(view: View): Region | undefined {
  const { box, window, mirrored } = view;
  const isInside =
    window.top >= 0 &&
    window.left >= 0 &&
    window.top + window.height <= box.height &&
    window.left + window.width <= box.width;
  if (mirrored || !isInside || !isUnscaled(view)) return undefined;
  return { ...window, top: box.top + window.top, left: box.left + window.left };
}

/** A view of a region of the source, resized. */
export function resizedView(box: Region, height: number, width: number): View {
  return { box, height, width, window: { top: 0, left: 0, height, width }, mirrored: false };
}

/**
 * A crop of what a view shows; beyond its edges there are zeros.
 *
 * @returns undefined where the view has pixels, or a resize, beyond those edges: then it is made pixels of before
 */
export function croppedView(view: View, crop: Region): View | undefined {
  const { window, mirrored } = view;
  const isInside =
    crop.top >= 0 &&
    crop.left >= 0 &&
    crop.top + crop.height <= window.height &&
    crop.left + crop.width <= window.width;
  const isFull = isUnscaled(view) && isWhole({ ...view, box: { ...view.box, top: 0, left: 0 } }, view);
  if (!isInside && !isFull) return undefined;
  const left = mirrored ? window.width - crop.left - crop.width : crop.left;
  return { ...view, window: { ...crop, top: window.top + crop.top, left: window.left + left } };
}

/** The part of the source that a view is computed from. */
export function sourceOf({ box, height, width, window }: View): Region {
  const [top, bottom] = inputsOf(box.height, height, window.top, window.height);
  const [left, right] = inputsOf(box.width, width, window.left, window.width);
  return { top: box.top + top, left: box.left + left, height: bottom - top, width: right - left };
}
