/** The package as a bundle for browsers: nothing of Node is in it, and a real one reads what is read here. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { launchBrowser } from '@longtail/test-support/browser';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type * as formats from '../src/index.ts';
import { FEATURES, golden, LABELS } from './golden.ts';

/** A script that gives the package as `formats`; it fails where something asks for Node. */
async function bundled(): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, '../src/index.ts')],
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'iife',
    globalName: 'formats',
    logLevel: 'silent',
  });
  return outputFiles[0]!.text;
}

const CSV = Buffer.from(
  [...LABELS].map((label, i) => [...FEATURES.subarray(6 * i, 6 * i + 6), label].join(',')).join('\n'),
);
const FILES: Readonly<Record<string, Buffer>> = Object.fromEntries(
  [
    ...['f4.npy', 'fortran.npy', 'stored.npz', 'deflated.npz', 'half.safetensors', 'protocol-4.pkl'],
    ...['columns.parquet', 'lists.parquet', 'split.parquet'],
  ]
    .map((name): [string, Buffer] => [name, readFileSync(golden(name))])
    .concat([
      ['table.csv', Buffer.concat([Buffer.from('a,b,c,d,e,f,label\n'), CSV])],
      ['table.csv.gz', gzipSync(Buffer.concat([Buffer.from('a,b,c,d,e,f,label\n'), CSV]))],
    ]),
);

/** What runs in the page. */
async function read({ name, bytes }: { name: string; bytes: string }) {
  const { openFeatures } = (globalThis as unknown as { formats: typeof formats }).formats;
  const file = new File([Uint8Array.from(atob(bytes), (character) => character.charCodeAt(0))], name);
  const isList = name === 'lists.parquet' || name === 'split.parquet';
  const set = await openFeatures(file, isList ? { features: 'features' } : {});
  const rows = [...(await set.rows(0, 11)), ...(await set.rows(11, set.length))];
  await set.close();
  return { rows, labels: set.labels && [...set.labels], Buffer: typeof globalThis.Buffer };
}

const browser = await launchBrowser();
const page = await browser?.newPage();
beforeAll(async () => void (await page?.addScriptTag({ content: await bundled() })));
afterAll(() => browser?.close());

describe('the bundle for browsers', () => {
  it('asks for nothing of Node', async () => {
    expect((await bundled()).length).toBeLessThan(1_000_000);
  });

  it.for(Object.keys(FILES))('reads %s in a browser', async (name, { skip }) => {
    if (!page) return skip('no browser');
    const found = await page.evaluate(read, { name, bytes: FILES[name]!.toString('base64') });
    expect(found.rows).toEqual([...FEATURES]);
    expect(found.labels ?? [...LABELS]).toEqual([...LABELS]);
    expect(found.Buffer).toBe('undefined');
  });
});
