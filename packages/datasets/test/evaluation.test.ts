import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { random } from '@longtail/core';
import { sharedOrSkip } from '@longtail/test-support';
import { describe, expect, it } from 'vitest';
import { centerCrop, compose, decode, resizeShortSide } from '../src/index.ts';

const golden = JSON.parse(readFileSync(new URL('./golden/evaluation.json', import.meta.url), 'utf8')) as {
  differenceFromPil: number;
  photos: { [name: string]: { decoded: string; evaluated: string; logits: number[] } };
};
const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex').slice(0, 16);

const [PATCH, WIDTH, CLASSES] = [16, 8, 10];
const [MEAN, STD] = [
  [0.485, 0.456, 0.406],
  [0.229, 0.224, 0.225],
];

/** The weights of golden/evaluation.py. */
function weights(count: number, start: number, fanIn: number): Float64Array {
  return Float64Array.from(
    { length: count },
    (_, i) => ((Math.imul(start + i, 2654435761) >>> 0) / 2 ** 31 - 1) / Math.sqrt(fanIn),
  );
}
const EMBED = weights(WIDTH * PATCH * PATCH * 3, 0, PATCH * PATCH * 3);
const HEAD = weights(CLASSES * WIDTH, EMBED.length, WIDTH);

/** Its network: 16 x 16 patches, linear, ReLU, mean, linear. */
function network(pixels: Uint8Array): number[] {
  const pooled = new Float64Array(WIDTH);
  for (let patch = 0; patch < 196; patch++) {
    const [top, left] = [Math.floor(patch / 14) * PATCH, (patch % 14) * PATCH];
    const sums = new Float64Array(WIDTH);
    for (let i = 0; i < PATCH * PATCH * 3; i++) {
      const [y, x, c] = [top + Math.floor(i / 48), left + (Math.floor(i / 3) % PATCH), i % 3];
      const value = (pixels[(y * 224 + x) * 3 + c]! / 255 - MEAN![c]!) / STD![c]!;
      for (let k = 0; k < WIDTH; k++) sums[k]! += EMBED[k * PATCH * PATCH * 3 + i]! * value;
    }
    for (let k = 0; k < WIDTH; k++) pooled[k]! += Math.max(0, sums[k]!) / 196;
  }
  return Array.from({ length: CLASSES }, (_, c) =>
    pooled.reduce((sum, value, k) => sum + value * HEAD[c * WIDTH + k]!, 0),
  );
}

describe('the evaluation transform of real photos', () => {
  const transform = compose(resizeShortSide(256), centerCrop(224));

  it("is torchvision's to the bit, and within a grey level and 2e-4 of the logits of PIL's", async (context) => {
    const folder = sharedOrSkip(context, 'data/imagenet-sample');
    let largest = 0;
    for (const [name, { decoded, evaluated, logits }] of Object.entries(golden.photos)) {
      const picture = await decode(await readFile(join(folder, name)), { source: name });
      expect([name, digest(picture.data)]).toEqual([name, decoded]);
      const { data } = transform(picture, random(0));
      expect([name, digest(data)]).toEqual([name, evaluated]);
      network(data).forEach((logit, c) => {
        largest = Math.max(largest, Math.abs(logit - logits[c]!));
      });
    }
    expect(golden.differenceFromPil).toBeLessThan(1); // of 255, so that of these bytes too
    // PIL rounds its weights to 22 bits, ATen to 15, so single pixels differ by one level.
    expect(largest).toBeLessThan(2e-4);
  });
});
