/** The oldest and the middle Node that are supported give the table that the newest gives. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { torchLibrary } from '@longtail/test-support';
import { afterAll, expect, it } from 'vitest';
import { longtail } from './longtail.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-nodes-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A Node of another version, from the registry; undefined with the reason printed where there is none. */
async function nodeOf(version: string): Promise<string | undefined> {
  try {
    const args = ['-y', '-p', `node@${version}`, '-c', 'node -p process.execPath'];
    const { stdout } = await promisify(execFile)('npx', args, { cwd: folder });
    return stdout.trim();
  } catch (error) {
    console.warn(`skipped: npx could not fetch Node ${version}: ${(error as Error).message}`);
    return undefined;
  }
}

/** Intervals take logarithms and exponentials, of which versions of V8 round the last bit otherwise. */
const rounded = (key: string, value: unknown): unknown =>
  key === 'intervals'
    ? JSON.parse(JSON.stringify(value), (_, end) => (typeof end === 'number' ? +end.toPrecision(12) : end))
    : value;

const demo = async (out: string, node = process.execPath) => {
  const set = ['epochs=1', 'imagesPerEpoch=128', 'headEpochs=1', 'samplers=instance-balanced'];
  const args = ['run', 'demo', '--json', '--out', join(folder, out), '--set', ...set];
  const { code, stdout, stderr } = await longtail(args, { node });
  expect([code, stderr]).toEqual([0, expect.any(String)]);
  const { rows, dataset } = JSON.parse(stdout, rounded);
  return { rows, dataset };
};

for (const version of ['22', '24'])
  it(`Node ${version}`, { timeout: 300_000 }, async (context) => {
    const node = await nodeOf(version);
    if (!node || !torchLibrary()) return context.skip(`no Node ${version} or no libtorch here`);
    expect(await demo(version, node)).toEqual(await demo(`${version}-and-this`));
  });
