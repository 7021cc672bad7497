import { extname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { looksLikePicture, PICTURE_EXTENSIONS, pictureKind } from '../src/picture-kinds.ts';
import { basePictures } from './odd/corpus.ts';

const KINDS: Record<string, string> = { jpg: 'jpeg', tif: 'tiff', pbm: 'pnm', pgm: 'pnm', ppm: 'pnm' };

describe('the kind of a picture', () => {
  it.each([...basePictures()])('is told by its first bytes: %s', (name, file) => {
    const extension = extname(name).slice(1);
    expect(pictureKind(file.subarray(0, 12))).toBe(KINDS[extension] ?? extension);
    expect(PICTURE_EXTENSIONS).toContain(`.${extension}`);
  });

  it.each([
    '',
    'P',
    'P5',
    'P7 1 1',
    'GIF88a',
    '<svg xmlns=""/>',
    '\xff\xd8',
    'RIFF....WAVE',
    'PK\x03\x04',
    '%PDF-1.7',
  ])('is none of those that are taken: %j', (text) =>
    expect(looksLikePicture(Buffer.from(text, 'latin1'))).toBe(false),
  );
});
