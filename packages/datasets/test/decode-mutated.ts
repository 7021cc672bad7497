/**
 * A program that decodes damaged pictures: a native decoder that fails badly ends the process and not the tests. Prints
 * the input that is under way, what went wrong with one, and at last the most memory it had, in MiB.
 * node decode-mutated.ts SEED FIRST COUNT
 */
import { DataError, random } from '@longtail/core';
import { mutated } from '@longtail/damaged-files/mutated';
import { decode } from '../src/index.ts';
import { basePictures } from './odd/corpus.ts';

const MAX_MILLISECONDS = 1000;
const MAX_PIXELS = 1_000_000;
const [seed, first, count] = process.argv.slice(2).map(Number) as [number, number, number];
const bases = [...basePictures().values()];

/** In one sentence, or undefined. */
async function wrongdoing(input: Uint8Array, source: string): Promise<string | undefined> {
  const start = performance.now();
  try {
    const { data, height, width, channels } = await decode(input, { source, maxPixels: MAX_PIXELS });
    if (channels !== 3 || data.length !== height * width * 3 || height * width > MAX_PIXELS)
      return `gave ${data.length} bytes of ${height}x${width}x${channels}`;
  } catch (error) {
    if (!(error instanceof DataError)) return `threw ${(error as Error)?.stack ?? error}`;
    if (!error.message.includes(source)) return `did not name its file: ${error.message}`;
  }
  const milliseconds = performance.now() - start;
  return milliseconds > MAX_MILLISECONDS ? `took ${Math.round(milliseconds)} ms` : undefined;
}

for (let i = first; i < first + count; i++) {
  console.log(`input ${i}`);
  const input = mutated(bases, random(seed, 'mutations', 'pictures', i));
  // A second look clears the decoder of what another process did to the machine.
  const wrong = (await wrongdoing(input, `picture-${i}`)) && (await wrongdoing(input, `picture-${i}`));
  if (wrong) console.log(`wrong: input ${i} ${wrong}`);
}
console.log(`memory ${Math.round(process.resourceUsage().maxRSS / 1024)}`);
