import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataError } from '@longtail/core';
import { describe, expect, it } from 'vitest';
import { openPicture } from '../src/decode.ts';
import { decode } from '../src/index.ts';
import { jpegDecoder } from '../src/jpeg/decoder.ts';
import { decodeBySharp } from '../src/pictures/by-sharp.ts';
import { render } from '../src/render.ts';
import { pictureSource } from '../src/source.ts';
import { resizedView } from '../src/view.ts';
import { expectedDigests, oddPictures } from './odd/corpus.ts';
import { isAmong, REFUSED, TAKEN } from './odd/differences.ts';

const pictures = oddPictures();
const REGIONS = [
  { top: 0, left: 0, height: 5, width: 7 },
  { top: 4, left: 9, height: 6, width: 20 },
  { top: 15, left: 0, height: 1, width: 1 },
];

const digestOf = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex').slice(0, 16);

/** As odd_pictures.py writes it. */
async function digest(name: string): Promise<string> {
  try {
    const { data, height, width } = await decode(pictures.get(name)!, { source: name });
    return `${height}x${width} ${digestOf(data)}`;
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    expect(error.message).toContain(` in ${name}`);
    return 'refused';
  }
}

/** Names of the files that are decoded as PIL does not, each with what was found. */
async function disagreements(expected: Record<string, string>): Promise<string[]> {
  const found: string[] = [];
  for (const name of pictures.keys()) {
    const [here, there] = [await digest(name), expected[name]];
    const mayDiffer =
      here === 'refused' ? isAmong(REFUSED, name) : there === 'refused' && isAmong(TAKEN, name);
    if (mayDiffer ? here === there : here !== there) found.push(`${name}: ${here}, PIL: ${there}`);
  }
  return found;
}

describe('thousands of odd pictures', () => {
  it('give the bytes that PIL gives, or are refused as PIL refuses them', async () => {
    if (!jpegDecoder()) return console.warn('skipped: libturbojpeg is not to be had on this platform');
    const expected = expectedDigests();
    expect(Object.keys(expected).toSorted()).toEqual([...pictures.keys()].toSorted());
    expect(await disagreements(expected)).toEqual([]);
  });

  it('are refused in part where they are as a whole, and have the same pixels', async () => {
    const names = [...pictures.keys()].filter((name) => name.endsWith('.jpg'));
    for (const source of names) {
      const bytes = pictures.get(source)!;
      const whole = await decode(bytes, { source }).catch((error: DataError) => error);
      for (const box of REGIONS) {
        const part = await openPicture(bytes, { source })
          .then((opened) => render(opened, resizedView(box, box.height, box.width)))
          .catch((error: DataError) => error);
        const expected =
          whole instanceof Error
            ? whole
            : render(pictureSource(whole), resizedView(box, box.height, box.width));
        expect([source, box, part instanceof Error]).toEqual([source, box, expected instanceof Error]);
        if (!(part instanceof Error) && !(expected instanceof Error))
          expect([source, Buffer.compare(part.data, expected.data)]).toEqual([source, 0]);
      }
      expect(bytes).toEqual(pictures.get(source));
    }
  });

  it('turn upright without an error of another kind', async () => {
    for (const [source, bytes] of pictures) {
      const turned = await decode(bytes, { source, orient: true }).catch((error: unknown) => error);
      if (turned instanceof Error) expect([source, turned]).toEqual([source, expect.any(DataError)]);
    }
    const size = async (source: string) =>
      (await decode(pictures.get(source)!, { source, orient: true })).height;
    expect(await size('420.exif.jpg')).toBe(43);
    for (const name of ['exif-9', 'exif-cut', 'exif-far']) expect(await size(`420.${name}.jpg`)).toBe(28);
  });

  it('give the same by sharp, which decodes JPEGs where libjpeg-turbo cannot be reached', async () => {
    const names = [...pictures.keys()].filter((name) => name.endsWith('.whole.jpg'));
    for (const source of names) {
      const options = { source, maxPixels: 10_000, orient: false };
      const { data } = await decodeBySharp(pictures.get(source)!, options);
      expect([source, digestOf(data)]).toEqual([source, expectedDigests()[source]!.split(' ')[1]]);
    }
  });

  it('do so with the Pillow of LONGTAIL_PYTHON', async (context) => {
    const python = process.env.LONGTAIL_PYTHON;
    if (!python || !jpegDecoder()) {
      console.warn('skipped: LONGTAIL_PYTHON names no Python that has Pillow');
      return context.skip('no LONGTAIL_PYTHON');
    }
    const folder = mkdtempSync(join(tmpdir(), 'longtail-odd-'));
    const result = `${folder}.json`;
    try {
      for (const [name, file] of pictures) writeFileSync(join(folder, name), file);
      const script = join(import.meta.dirname, 'golden/odd_pictures.py');
      execFileSync(python, [script, folder, result], { stdio: ['ignore', 'inherit', 'ignore'] });
      expect(await disagreements(JSON.parse(readFileSync(result, 'utf8')))).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
      rmSync(result, { force: true });
    }
  });
});
