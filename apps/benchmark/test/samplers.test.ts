/** The samplers that the command line knows, and those of a module. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '@longtail/core';
import { afterAll, describe, expect, it } from 'vitest';
import { findSampler, samplerLabel, samplerLabels, samplerNames } from '../src/samplers.ts';
import { longtail } from './longtail.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-samplers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const module = join(folder, 'every.other.ts');
writeFileSync(
  module,
  `export default (labels, { seed, epochs }) => ({
    name: 'every-other',
    length: Math.ceil(labels.length / 2),
    indices: (epoch) => Int32Array.from({ length: Math.ceil(labels.length / 2) }, (_, i) => 2 * i),
  });`,
);
const empty = join(folder, 'empty.ts');
writeFileSync(empty, 'export {};');

const NAMES =
  'instance-balanced, class-balanced, square-root, power-law, progressively-balanced, progressively-balanced-official, mixed, class-aware, inverse-frequency, effective-number, reversed, capped, deferred';

describe('by name', () => {
  it.each(samplerNames(NAMES))('%s gives every epoch of a recipe', async (name) => {
    const labels = Int32Array.from({ length: 60 }, (_, i) => Math.floor(Math.sqrt(i)));
    const sampler = (await findSampler(name))(labels, { seed: 0, epochs: 5 });
    for (let epoch = 0; epoch < 5; epoch++) expect(sampler.indices(epoch)).toHaveLength(sampler.length);
    expect(samplerLabel(name)).toBe(name);
  });

  it('refuses an unknown one with the names there are, and one that is there twice', () => {
    expect(() => samplerNames('uniform')).toThrow(
      new UsageError(`a sampler is one of ${NAMES}, or the path of a module, but got "uniform".`),
    );
    expect(() => samplerNames('mixed, mixed')).toThrow('"mixed" is there twice');
  });
});

describe('by the path of a module', () => {
  it('is what the module exports, under the name of its file', async () => {
    const names = samplerNames(`capped, ${module}`);
    expect(names).toEqual(['capped', module]);
    expect(samplerLabels(names.join())).toEqual(['capped', 'every.other']);
    expect(samplerLabel('every.other')).toBe('every.other');
    const sampler = (await findSampler(module))(Int32Array.of(0, 0, 1), { seed: 0, epochs: 1 });
    expect([...sampler.indices(0)]).toEqual([0, 2]);
  });

  it('needs a file that is there, and a function in it', async () => {
    expect(() => samplerNames(join(folder, 'none.ts'))).toThrow('or the path of a module, but got');
    await expect(findSampler(empty)).rejects.toThrow(UsageError);
    const ended = await longtail(['run', 'demo', '--out', join(folder, 'run'), '--set', `samplers=${empty}`]);
    expect(ended.code).toBe(2);
    expect(ended.stderr).toMatch(/as the default export of .*empty.ts, but (it has none|there is only \w+)/);
  });

  it.each([
    ['Int32Array.of(0, 999999)', '.indices(0)[1] is 999999, but the set has the images 0 to'],
    ['new Int32Array(0)', '.indices(0) must name an image of the set at least'],
    ['[0, 1]', '.indices(0) must be an Int32Array, but it is an array of 2'],
  ])('must give positions of the training set: %s', { timeout: 60_000 }, async (indices, message) => {
    const wrong = join(folder, 'wrong.ts');
    writeFileSync(wrong, `export default () => ({ name: 'wrong', length: 2, indices: () => ${indices} });`);
    const ended = await longtail([
      'train',
      'demo',
      '--out',
      join(folder, 'wrong'),
      '--fresh',
      '--set',
      `samplers=${wrong}`,
    ]);
    expect([ended.code, ended.stderr]).toEqual([1, expect.stringContaining(`wrong of ${wrong}${message}`)]);
  });
});
