import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { readMetadata } from '../src/onnx/metadata.ts';

const folder = mkdtempSync(join(tmpdir(), 'onnx-metadata-'));
afterAll(() => rmSync(folder, { recursive: true }));
const model = (name: string): string => join(import.meta.dirname, 'golden/onnx', `${name}.onnx`);

it('finds the pairs behind the graph, by keys in lower case', async () => {
  expect([...(await readMetadata(model('mean-std')))]).toEqual([
    ['mean', '[0.5, 0.4, 0.3]'],
    ['std', '[0.2, 0.3, 0.4]'],
  ]);
  expect([...(await readMetadata(model('blue-first')))]).toEqual([['image.bitmappixelformat', 'Bgr8']]);
  expect((await readMetadata(model('nchw'))).size).toBe(0);
});

it('comes to an end with any bytes', async () => {
  const whole = new Uint8Array(readFileSync(model('mean-std')));
  const damaged = fc
    .tuple(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { maxLength: 8 }), fc.nat(whole.length))
    .map(([changes, length]) => {
      const bytes = whole.slice(0, length);
      for (const [at, byte] of changes) if (at < length) bytes[at] = byte;
      return bytes;
    });
  const file = join(folder, 'damaged.onnx');
  await fc.assert(
    fc.asyncProperty(fc.oneof(damaged, fc.uint8Array({ maxLength: 200 })), async (bytes) => {
      writeFileSync(file, bytes);
      expect(await readMetadata(file)).toBeInstanceOf(Map);
    }),
    { numRuns: 500 },
  );
});
