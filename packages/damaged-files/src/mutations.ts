/**
 * Damaged files for parsers. A parser may read one or refuse it with a typed error that names the file; it may not
 * throw anything else, take a second, or allocate out of proportion. A file `<format>.mutations.test.ts` that calls
 * `describeMutations` is part of `pnpm fuzz parsers`.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LongtailError, random } from '@longtail/core';
import { fuzzing } from '@longtail/test-support';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mutated } from './mutated.ts';
import { watchdog } from './watchdog.ts';

export { mutated, watchdog };

const MAX_MILLISECONDS = 1000;
/** Beyond a few copies of the file, which is small: what a header may claim is far larger. */
const MAX_ALLOCATED = 64 * 2 ** 20;

/** Bytes of JavaScript's heap and of buffers now. Memory that is claimed but never touched counts, unlike in RSS. */
function allocated(): number {
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** Runs the parser once; what it did wrong in one sentence, or undefined. */
export async function wrongdoing(
  parse: (input: Uint8Array, path: string) => unknown,
  input: Uint8Array,
  path: string,
): Promise<string | undefined> {
  const [start, before] = [performance.now(), allocated()];
  try {
    await parse(input, path);
  } catch (error) {
    if (!(error instanceof LongtailError)) return `threw ${(error as Error)?.stack ?? error}`;
    if (!error.message.includes(path)) return `did not name its file: ${error.message}`;
  }
  const [milliseconds, bytes] = [performance.now() - start, allocated() - before];
  if (milliseconds > MAX_MILLISECONDS) return `took ${Math.round(milliseconds)} ms`;
  if (bytes > MAX_ALLOCATED + 16 * input.length) return `allocated ${Math.round(bytes / 2 ** 20)} MiB`;
  return undefined;
}

/**
 * A suite: the well-formed files parse, and damaged ones are read or refused.
 *
 * @param format the name of the suite, and the extension of the file
 * @param options.files well-formed ones, small: the parts of the format that differ should each be in one
 * @param options.parse reads `path`, where `input` has been written, or `input` itself, named `path`; closes what it opens
 * @param options.runs damaged files if LONGTAIL_FUZZ_RUNS does not say
 * @example
 * describeMutations('npy', { files: [npy], parse: async (_, path) => (await openFeatures(path)).close() });
 */
export function describeMutations(
  format: string,
  {
    files,
    parse,
    runs: defaultRuns = 300,
  }: {
    files: readonly Uint8Array[];
    parse: (input: Uint8Array, path: string) => unknown;
    runs?: number;
  },
): void {
  const { runs, seed } = fuzzing({ runs: defaultRuns });
  describe(`damaged ${format}`, () => {
    let folder: string;
    let dog: ReturnType<typeof watchdog>;
    beforeAll(() => {
      folder = mkdtempSync(join(tmpdir(), `longtail-${format}-`));
      dog = watchdog(10 * MAX_MILLISECONDS);
    });
    afterAll(async () => {
      await dog.end();
      rmSync(folder, { recursive: true, force: true });
    });
    const attempt = (input: Uint8Array, name: string) => {
      const path = join(folder, `${name}.${format}`);
      writeFileSync(path, input);
      dog.begin(`${format}, input ${name} of LONGTAIL_FUZZ_SEED=${seed}`);
      return wrongdoing(parse, input, path).finally(() => rmSync(path));
    };

    it('is made of files that parse', async () => {
      for (const [i, file] of files.entries()) {
        const path = join(folder, `whole-${i}.${format}`);
        writeFileSync(path, file);
        await parse(file, path);
      }
    });

    it(`is read or refused, ${runs} times`, { timeout: 60_000 + 50 * runs }, async () => {
      for (let i = 0; i < runs; i++) {
        const input = mutated(files, random(seed, 'mutations', format, i));
        // A second look clears the parser of what another process did to the machine.
        const wrong = (await attempt(input, String(i))) && (await attempt(input, String(i)));
        expect(wrong, `input ${i}: ${Buffer.from(input.subarray(0, 400)).toString('latin1')}`).toBe(
          undefined,
        );
      }
    });
  });
}
