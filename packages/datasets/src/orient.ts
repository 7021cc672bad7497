/** The eight orientations that EXIF knows (CIPA DC-008, tag 0x0112): which turn makes a picture upright. */
import type { Picture } from './dataset.ts';

/** Where pixel (y, x) of the upright picture lies, from the last row H and the last column W of the stored one. */
const PLACES: Readonly<Record<number, (y: number, x: number, h: number, w: number) => [number, number]>> = {
  2: (y, x, _, w) => [y, w - x],
  3: (y, x, h, w) => [h - y, w - x],
  4: (y, x, h) => [h - y, x],
  5: (y, x) => [x, y],
  6: (y, x, h) => [h - x, y],
  7: (y, x, h, w) => [h - x, w - y],
  8: (y, x, _, w) => [x, w - y],
};

/** @param orientation 1..8; a picture of 1 is upright already */
export function upright(picture: Picture, orientation: number): Picture {
  const place = PLACES[orientation];
  if (!place) return picture;
  const { data, channels } = picture;
  const isTurned = orientation >= 5;
  const [height, width] = isTurned ? [picture.width, picture.height] : [picture.height, picture.width];
  const turned = new Uint8Array(data.length);
  for (let y = 0, to = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const [row, column] = place(y, x, picture.height - 1, picture.width - 1);
      const from = (row * picture.width + column) * channels;
      for (let c = 0; c < channels; c++) turned[to++] = data[from + c]!;
    }
  return { data: turned, height, width, channels };
}
