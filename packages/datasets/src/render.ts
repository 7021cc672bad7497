/** A view of a source, as pixels: decoded, resized, cropped, flipped in one go. */
import { InputError } from '@longtail/core';
import type { Picture } from './dataset.ts';
import { createResampler, type Resampler } from './resize/resampler.ts';
import type { Source, Stored } from './source.ts';
import { isUnscaled, isWhole, type Region, sourceOf, type View } from './view.ts';

let resampler: Resampler | undefined;

/** Memory for a picture of a size: what is resized is written there at once. */
export type Room = (size: Omit<Picture, 'data'>) => Uint8Array;

const ownRoom: Room = ({ height, width, channels }) => new Uint8Array(height * width * channels);

/**
 * @param room of what is resized; all else is in memory of its own
 * @returns shape [view.window.height, view.window.width, source.channels]
 * @throws InputError for a resize of other than 3 channels
 * @throws DataError as `source.read` does
 */
export function render(source: Source, view: View, room: Room = ownRoom): Picture {
  const { height, width } = view.window;
  const size = { height, width, channels: source.channels };
  if (isUnscaled(view)) return { data: copied(source, view), ...size };
  const result = resized(source, view);
  const data = room(size);
  data.set(result);
  return { data, ...size };
}

/** In the resampler's memory, until it resizes again. */
function resized(source: Source, view: View): Uint8Array {
  if (source.channels !== 3)
    throw new InputError(
      `a resize takes pictures of 3 channels, but this one has ${source.channels}; copy the channel three times before.`,
      { channels: source.channels },
    );
  resampler ??= createResampler();
  const { input } = resampler;
  let isThere = false;
  const { pixels, region } = source.read(sourceOf(view), (bytes) => {
    isThere = true;
    return input(bytes);
  });
  if (isThere) return resampler.resize(region, view);
  const needed = sourceOf(view);
  const line = needed.width * 3;
  const to = input(needed.height * line);
  for (let y = 0; y < needed.height; y++) {
    const at = placeOf(region, needed.top + y, needed.left) * 3;
    to.set(pixels.subarray(at, at + line), y * line);
  }
  return resampler.resize(needed, view);
}

const placeOf = ({ top, left, width }: Region, y: number, x: number): number => (y - top) * width + x - left;

function copied(source: Source, view: View): Uint8Array {
  const { box, window, mirrored } = view;
  const stored = source.read(sourceOf(view), (bytes) => new Uint8Array(bytes));
  const isAll =
    isWhole(view, source) && stored.region.width === source.width && stored.region.height === source.height;
  if (isAll && !mirrored) return stored.pixels;
  const data = new Uint8Array(window.height * window.width * source.channels);
  const [from, to] = [Math.max(0, -window.left), Math.min(window.width, box.width - window.left)];
  for (let y = Math.max(0, -window.top); y < Math.min(window.height, box.height - window.top); y++) {
    const at = placeOf(stored.region, box.top + window.top + y, box.left + window.left + from);
    const line = { from: at, count: to - from, to: y * window.width + (mirrored ? window.width - to : from) };
    if (to > from) copyLine(stored, data, { ...line, channels: source.channels, mirrored });
  }
  return data;
}

function copyLine(
  { pixels }: Stored,
  data: Uint8Array,
  {
    from,
    to,
    count,
    channels,
    mirrored,
  }: { from: number; to: number; count: number; channels: number; mirrored: boolean },
): void {
  if (!mirrored) {
    data.set(pixels.subarray(from * channels, (from + count) * channels), to * channels);
    return;
  }
  for (let x = 0; x < count; x++)
    for (let c = 0; c < channels; c++)
      data[(to + count - 1 - x) * channels + c] = pixels[(from + x) * channels + c]!;
}
