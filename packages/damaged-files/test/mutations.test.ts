import { DataError } from '@longtail/core';
import { describe, expect, it } from 'vitest';
import { wrongdoing } from '../src/mutations.ts';

const after = (parse: () => unknown) => wrongdoing(parse, new Uint8Array(100), 'the.file');

describe('what a parser may not do', () => {
  it('may return, or refuse with a typed error that names the file', async () => {
    expect(await after(() => 1)).toBe(undefined);
    expect(await after(() => Promise.reject(new DataError('the.file:3: expected more.')))).toBe(undefined);
    expect(await after(() => Promise.reject(new DataError('expected more.')))).toMatch('did not name');
  });

  it('may not throw anything else, in any form', async () => {
    expect(await after(() => Promise.reject(new RangeError('Invalid array length')))).toMatch(
      /threw RangeError: Invalid array/,
    );
    expect(await after(() => JSON.parse('the.file'))).toMatch(/threw SyntaxError/);
  });

  it('may not take a second, nor allocate what a header claims', async () => {
    expect(
      await after(() => {
        for (const start = performance.now(); performance.now() - start < 1100; );
      }),
    ).toMatch(/took 1\d\d\d ms/);
    let kept: Uint8Array | undefined;
    expect(
      await after(() => {
        kept = new Uint8Array(2 ** 27);
      }),
    ).toMatch(/allocated 12\d MiB/);
    expect(kept).toHaveLength(2 ** 27);
  });
});
