/**
 * The mean over all processes of what ResNet-50 has of gradients: 161 tensors, 25,557,032 float32, 102 MB.
 * usage: mpirun -n R node own-all-reduce.ts ROUNDS
 */
import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { openCollective } from '@longtail/collective';
import { keepLauncher } from '@longtail/collective/keep-launcher';
import { loadEngine } from '@longtail/engine';
import * as tf from '@tensorflow/tfjs-core';
import { median } from '../turns/time.ts';

const rounds = Number(process.argv[2]);

/** Filters and scales, stage by stage (He et al., 2016, table 1). */
function shapesOfResNet50(): number[][] {
  const normed = (filter: number[]): number[][] => [filter, [filter[3]!], [filter[3]!]];
  const block = (input: number, width: number): number[][] => [
    ...normed([1, 1, input, width]),
    ...normed([3, 3, width, width]),
    ...normed([1, 1, width, 4 * width]),
  ];
  const stages = [3, 4, 6, 3].flatMap((blocks, stage) => {
    const [width, input] = [64 * 2 ** stage, stage === 0 ? 64 : 128 * 2 ** stage];
    const more = Array.from({ length: blocks - 1 }, () => block(4 * width, width));
    return [...block(input, width), ...normed([1, 1, input, 4 * width]), ...more.flat()];
  });
  return [...normed([7, 7, 3, 64]), ...stages, [2048, 1000], [1000]];
}

await keepLauncher();
const group = await openCollective();
await loadEngine({ backend: 'torch', device: 'cpu' });
const gradients = shapesOfResNet50().map((shape) => tf.fill(shape, group.rank));
const bytes = gradients.reduce((sum, { size }) => sum + 4 * size, 0);
const flat = new Float32Array(bytes / 4).fill(group.rank);

function timed(run: () => void): number {
  const times = Array.from({ length: rounds }, () => {
    group.barrier();
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  return median(times);
}

const ways: Record<string, () => void> = {
  'gradients, mean': () => group.allReduce(gradients, { mean: true }),
  'one array, sum': () => group.reduceArrays([flat]),
};
for (const [name, run] of Object.entries(ways)) {
  const ms = timed(run);
  if (group.rank === 0)
    console.log(
      `${group.size} processes on ${availableParallelism()} cores, ${name}: ${(bytes / 1e6).toFixed(1)} MB in ${ms.toFixed(0)} ms, ${(bytes / 1e3 / ms).toFixed(0)} MB/s (median of ${rounds})`,
    );
}
assert.equal(gradients.length, 161);
assert.equal(gradients.at(-1)!.dataSync()[0], (group.size - 1) / 2);
group.close();
