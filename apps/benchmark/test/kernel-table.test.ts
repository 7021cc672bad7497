/** What `longtail train --profile` prints, and that training is as it was after it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadEngine } from '@longtail/engine';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { timeKernels } from '../src/kernel-table.ts';
import { longtail } from './longtail.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-profile-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const step = (): void => tf.tidy(() => void tf.matMul(tf.ones([64, 64]), tf.exp(tf.exp(tf.ones([64, 64])))));

describe('the table of kernels', () => {
  beforeAll(async () => void (await loadEngine({ backend: 'wasm' })));

  it('counts the steps behind the first, and ends by itself', async () => {
    const tables: string[] = [];
    const kernels = timeKernels({ steps: 3, onTable: (table) => tables.push(table) });
    for (let i = 0; i < 6; i++) {
      step();
      kernels.step();
    }
    expect(tf.engine().state.profiling).toBe(false);
    await kernels.stop();
    await kernels.stop();
    expect(tables.length).toBe(1);
    expect(tables[0]).toMatch(/^kernels of 3 steps, a step: \d+\.\d ms\n/);
    expect(tables[0]).toMatch(/\nExp +2 +\d+\.\d\d +\d+\.\d %/);
    expect(tables[0]).toMatch(/\nBatchMatMul +1 /);
    expect(tables[0]).toMatch(/\noutside of kernels +\d+\.\d\d +\d+\.\d %$/);
    const times = [...tables[0]!.matchAll(/(\d+\.\d\d) +\d+\.\d %/g)].map((match) => Number(match[1]));
    expect(times.slice(0, -1)).toEqual(times.slice(0, -1).sort((a, b) => b - a));
  });

  it('is of fewer steps where training ends before, and of none there is none', async () => {
    for (const [steps, head] of [
      [1, undefined],
      [2, /^kernels of 1 steps/],
    ] as const) {
      const tables: string[] = [];
      const kernels = timeKernels({ steps: 20, onTable: (table) => tables.push(table) });
      for (let i = 0; i < steps; i++) {
        step();
        kernels.step();
      }
      await kernels.stop();
      expect([tables.length, tf.engine().state.profiling]).toEqual([head ? 1 : 0, false]);
      if (head) expect(tables[0]).toMatch(head);
    }
  });

  it('is on stderr, beside the progress', async () => {
    const set = ['epochs=1', 'imagesPerEpoch=96', 'samplers=instance-balanced'];
    const ended = await longtail([
      'train',
      'demo',
      '--out',
      join(folder, 'run'),
      '--profile',
      '--set',
      ...set,
    ]);
    expect([ended.code, ended.stdout]).toEqual([0, expect.stringMatching(/^trained; next:.*\n$/)]);
    expect(ended.stderr).toMatch(/kernels of 2 steps[\s\S]*\nConv2DGeneral +7 [\s\S]*\noutside of kernels /);
  });
});
