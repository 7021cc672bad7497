/** Where `decode` and PIL differ on purpose: which files of corpus.ts, and why. Everywhere else they agree to the byte. */

interface Difference {
  readonly files: RegExp;
  readonly reason: string;
}

/** PIL gives pixels. */
export const REFUSED: readonly Difference[] = [
  {
    files: /^(?!progressive).*\.no-end-followed\.jpg$/,
    reason: 'without its end-of-image marker a JPEG is taken for cut short, whatever follows',
  },
  {
    files: /\.(unknown-needed|two-headers|wrong-sum-of-data)\.png$|^interlaced-.*\.interlace-2\.png$/,
    reason: 'libpng keeps to the rules of chunks and their sums, PIL does not',
  },
  {
    files: /^(?!interlaced).*\.height-more\.png$|palette.*\.no-PLTE\.png$|^animated\.no-IDAT\.png$/,
    reason: 'what is missing of a PNG, PIL makes black, or takes of the next frame',
  },
  {
    files:
      /^(grey-4\.(flip-4|zeros)|palette-1\.flip-2|la-16\.flip-2|interlaced-grey\.flip-[25]|filters\.flip-4)\.png$/,
    reason: 'damage that the sums of chunks show, which PIL does not look at here',
  },
  {
    files: /^ycbcr\.(whole|followed|flip-[1345]|zeros)\.tif$/,
    reason: 'libvips does not convert YCbCr samples of TIFF',
  },
  {
    files:
      /^(rgba-raw\.flip-2|grey-raw\.(flip-0|zeros)|palette-raw\.flip-0|bits-raw\.flip-[145]|cmyk\.flip-3|turned\.flip-[15]|group4\.(flip-[35]|zeros))\.tif$/,
    reason: 'damaged tags and codes that libtiff, as libvips calls it, does not pass over',
  },
  { files: /^(3|3-wide|6-wide)\.magic-f\.p.m$/, reason: 'a map of floats (PFM) is not taken' },
];

/** PIL refuses. */
export const TAKEN: readonly Difference[] = [
  {
    files: /^(palette-1-clear\.flip-5|gamma\.flip-1|animated\.(flip-[124]|height-less))\.png$/,
    reason: 'libpng passes over damage in chunks that the pixels do not need',
  },
  {
    files: /^(1|2|2-few|3|3-wide)\.(followed|text-behind)\.pnm$/,
    reason: 'what follows the last sample is not read',
  },
  {
    files: /^(grey|rle8)\.colours-1000\.bmp$/,
    reason: 'a number of colours beyond 256 has no meaning; PIL stumbles where the file is shorter',
  },
];

export const isAmong = (differences: readonly Difference[], name: string): boolean =>
  differences.some(({ files }) => files.test(name));
