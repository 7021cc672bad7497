/**
 * Figures as PNG, for slides and documents that take no SVG; by sharp, a package of its own, to be installed beside this one.
 * Text is set in the system's sans-serif font.
 */
import { checkNumbers, checkOptions, checkStrings, EngineError, InputError } from '@longtail/core';

/** Of an SVG's unit, in pixels per inch. */
const UNIT = 72;

async function library(): Promise<typeof import('sharp').default> {
  try {
    return (await import('sharp')).default;
  } catch (cause) {
    throw new EngineError(
      'expected the package sharp, which draws PNGs, but it cannot be loaded; install it (npm install sharp).',
      {},
      { cause },
    );
  }
}

/**
 * @param svg a whole SVG file, of `figures` or `classCountsSvg` of @longtail/report
 * @param options.scale pixels a unit; default 2, for which a chart is 880 pixels wide
 * @returns the PNG file
 * @throws InputError for what is no SVG; EngineError where sharp is not installed
 * @example
 * await writeFile('figure.png', await pngOf(svg));
 */
export async function pngOf(svg: string, options: { readonly scale?: number } = {}): Promise<Uint8Array> {
  const { scale = 2 } = checkOptions(options, { of: 'pngOf' });
  checkStrings({ svg });
  checkNumbers({ scale }, { above: 0, most: 20 });
  const sharp = await library();
  try {
    return await sharp(new TextEncoder().encode(svg), { density: UNIT * scale })
      .png()
      .toBuffer();
  } catch (cause) {
    throw new InputError(
      `expected an SVG file, but got one that cannot be drawn (${(cause as Error).message.replaceAll(/\s+/g, ' ')}).`,
      {},
      { cause },
    );
  }
}
