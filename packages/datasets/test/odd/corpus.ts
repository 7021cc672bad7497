/**
 * Some two thousand pictures: small ones of every kind that is read, and damaged, odd and legal files that are derived
 * from them. golden/odd_pictures.py wrote the small ones, and says what PIL makes of each file.
 */
import { readFileSync } from 'node:fs';
import { anyOdd, type Odd } from './any.ts';
import { oddBmps, oddPnms } from './bitmaps.ts';
import { oddGifs } from './gifs.ts';
import { oddJpegs } from './jpegs.ts';
import { oddPngs } from './pngs.ts';

const ODD: Readonly<Record<string, (file: Uint8Array) => Generator<Odd, void, undefined>>> = {
  jpg: oddJpegs,
  png: oddPngs,
  gif: oddGifs,
  bmp: oddBmps,
  pnm: oddPnms,
  pbm: oddPnms,
  pgm: oddPnms,
  ppm: oddPnms,
};
const golden = (name: string): unknown =>
  JSON.parse(readFileSync(new URL(`../golden/${name}`, import.meta.url), 'utf8'));

/** The files that all others are derived from, by name. */
export function basePictures(): Map<string, Uint8Array> {
  const files = golden('odd_pictures_bases.json') as Record<string, string>;
  return new Map(
    Object.entries(files).map(([name, file]) => [name, Uint8Array.from(Buffer.from(file, 'base64'))]),
  );
}

/** All files, by name: `420.no-end.jpg` is `420.jpg` without its end. */
export function oddPictures(): Map<string, Uint8Array> {
  const pictures = new Map<string, Uint8Array>();
  for (const [name, file] of basePictures()) {
    const [stem, extension] = name.split('.') as [string, string];
    for (const changes of [anyOdd(name, file), ODD[extension]?.(file) ?? []])
      for (const [change, changed] of changes) pictures.set(`${stem}.${change}.${extension}`, changed);
  }
  return pictures;
}

/** What PIL makes of each: `HxW digest`, or `refused`. */
export const expectedDigests = (): Record<string, string> =>
  golden('odd_pictures.json') as Record<string, string>;
