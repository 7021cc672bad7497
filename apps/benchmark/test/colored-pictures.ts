/** Folders of one-coloured pictures with some noise, a colour a class: sets that a small network tells apart at once. */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';

const COLORS: Readonly<Record<string, string>> = {
  beach: '#e0c060',
  forest: '#106020',
  night: '#000018',
  sea: '#1040c0',
};

/**
 * @param counts pictures of each class, by its name; of 0 there is an empty folder
 * @param options.sizes height and width, taken in turn
 */
export async function writePictures(
  root: string,
  counts: Readonly<Record<string, number>>,
  { sizes = [[32, 32]] }: { sizes?: readonly (readonly [height: number, width: number])[] } = {},
): Promise<void> {
  let written = 0;
  for (const [name, count] of Object.entries(counts)) {
    mkdirSync(join(root, name), { recursive: true });
    for (let i = 0; i < count; i++) {
      const [height, width] = sizes[written++ % sizes.length]!;
      const background = COLORS[name]!;
      const noise = { type: 'gaussian', mean: 4, sigma: 4 } as const;
      const cover = { create: { width, height: height - 2, channels: 3, background } } as const;
      await sharp({ create: { width, height, channels: 3, background, noise } })
        .composite([{ input: cover }])
        .png()
        .toFile(join(root, name, `${i}.png`));
    }
  }
}
