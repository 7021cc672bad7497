import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { DataError } from '@longtail/core';
import { sharedOrSkip } from '@longtail/test-support';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode } from '../src/index.ts';
import { jpegDecoder } from '../src/jpeg/decoder.ts';
import { pictureKind } from '../src/picture-kinds.ts';

const golden = JSON.parse(readFileSync(new URL('./golden/formats.json', import.meta.url), 'utf8')) as {
  [name: string]: { file: string; sha256: string; upright: string };
};
const file = (name: string): Uint8Array => new Uint8Array(Buffer.from(golden[name]!.file, 'base64'));
const jpegs = Object.keys(golden).filter((name) => pictureKind(file(name)) === 'jpeg');

describe('decode', () => {
  it.each(Object.keys(golden))('gives the bytes that PIL gives: %s', async (name) => {
    const { data, channels } = await decode(file(name), { source: name });
    expect(channels).toBe(3);
    expect(createHash('sha256').update(data).digest('hex')).toBe(golden[name]!.sha256);
    const turned = await decode(file(name), { source: name, orient: true });
    expect(createHash('sha256').update(turned.data).digest('hex')).toBe(golden[name]!.upright);
  });

  it.each(Object.keys(golden))('refuses less than half of the file: %s', async (name) => {
    const half = file(name).subarray(0, file(name).length * 0.4);
    const error = await decode(half, { source: name }).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(DataError);
    expect((error as Error).message).toContain(`expected a picture in ${name}, but`);
  });

  it('scales grey of 16 bits, which PIL cuts off at 255', async (context) => {
    const wide = Buffer.from('P5 3 1 65535\n\x00\x80\x80\x00\xff\xff', 'latin1');
    expect([...(await decode(wide, { source: 'wide.pgm' })).data]).toEqual([
      0, 0, 0, 128, 128, 128, 255, 255, 255,
    ]);
    const plain = Buffer.from('P2 3 1 1000 0 500 1000');
    expect([...(await decode(plain, { source: 'plain.pgm' })).data]).toEqual([
      0, 0, 0, 128, 128, 128, 255, 255, 255,
    ]);
    const path = sharedOrSkip(context, 'data/strangers/grey16.png');
    const { data } = await decode(readFileSync(path), { source: path });
    for (let y = 0; y < 256; y++) expect(data[y * 256 * 3 + 33]).toBe(y);
  });

  it('takes memory for the pixels of a bitmap or an anymap only where their bytes are there', async () => {
    const huge = [
      'P6 9000 9000 255\n',
      'P3 9000 9000 255\n0 0 0',
      'P1 9000 9000\n1',
      `BM${'\0'.repeat(8)}\x36\0\0\0\x28\0\0\0\x28\x23\0\0\x28\x23\0\0\x01\0\x18\0${'\0'.repeat(24)}`,
    ];
    for (const text of huge) {
      const before = process.memoryUsage().arrayBuffers;
      await expect(decode(Buffer.from(text, 'latin1'), { source: 'huge' })).rejects.toThrow(
        'it is cut short',
      );
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 20);
    }
  });

  it('refuses what is empty, no picture, or too large', async () => {
    await expect(decode(new Uint8Array(0), { source: 'a' })).rejects.toThrow('in a, but it is empty');
    await expect(decode(Buffer.from('no picture at all'), { source: 'b' })).rejects.toThrow(DataError);
    for (const name of ['4:2:0.jpg', 'rgb.png'])
      await expect(decode(file(name), { source: name, maxPixels: 1000 })).rejects.toThrow(
        `expected a picture of at most 1000 pixels in ${name}, but it has 37x53`,
      );
  });

  it('ends in pixels or a DataError whatever bytes are changed', async () => {
    const change = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), value: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...jpegs),
        fc.array(change, { minLength: 1, maxLength: 8 }),
        async (name, changes) => {
          const bytes = file(name);
          for (const { at, value } of changes) bytes[Math.floor(at * (bytes.length - 1))] = value;
          const options = { source: name, maxPixels: 1e6 };
          const result = await decode(bytes, options).catch((error: unknown) => error);
          if (!(result instanceof DataError)) expect(result).toHaveProperty('channels', 3);
        },
      ),
      { numRuns: 300, seed: 1 },
    );
  });
});

describe('a region of a JPEG', () => {
  const number = fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true });
  const room = (bytes: number): Uint8Array => new Uint8Array(bytes);

  it.each(jpegs)('has the pixels of the whole, and the file is as it was: %s', (source) => {
    const decoder = jpegDecoder();
    if (!decoder) return console.warn('skipped: libturbojpeg is not to be had on this platform');
    const bytes = file(source);
    const header = decoder.header(bytes, { source });
    const { height, width } = header;
    const all = { top: 0, left: 0, height, width };
    const whole = decoder.decode(bytes, { source, header, region: all, room }).pixels;
    fc.assert(
      fc.property(number, number, number, number, (a, b, c, d) => {
        const [top, left] = [Math.floor(a * height), Math.floor(b * width)];
        const region = {
          ...{ top, left },
          height: 1 + Math.floor(c * (height - top)),
          width: 1 + Math.floor(d * (width - left)),
        };
        const again = decoder.header(bytes, { source });
        const part = decoder.decode(bytes, { source, header: again, region, room });
        for (let y = top; y < top + region.height; y++) {
          const at = ((y - part.region.top) * part.region.width + left - part.region.left) * 3;
          const from = (y * width + left) * 3;
          expect(Buffer.from(part.pixels.subarray(at, at + region.width * 3))).toEqual(
            Buffer.from(whole.subarray(from, from + region.width * 3)),
          );
        }
        expect(bytes).toEqual(file(source));
      }),
      { numRuns: 60, seed: 2 },
    );
  });
});
