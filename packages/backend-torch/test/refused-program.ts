/** A process that may make no memory executable (Linux's PR_SET_MDWE): prints what machine code it has before and after. */
import '@tensorflow/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import koffi from 'koffi';
import type { TorchBackend } from '../src/backend.ts';
import { registerTorchBackend } from '../src/index.ts';
import { byMachineCode } from '../src/kernels/machine-conv.ts';
import { EVERYWHERE } from './places.ts';

const PR_SET_MDWE = 65;
const REFUSE_EXEC_GAIN = 1;

registerTorchBackend({ library: process.argv[2]! });
await tf.setBackend('torch');
const backend = tf.backend() as TorchBackend;
const how = { groups: 2, ...EVERYWHERE };

function isMade(size: number): boolean {
  const shape = [1, size, size, 8];
  const made = byMachineCode({ x: tf.ones(shape), filter: tf.ones([3, 3, 4, 8]) }, how, { shape, backend });
  made?.free();
  return made !== undefined;
}
const control = koffi.load('libc.so.6').func('int prctl(int, uint64_t, uint64_t, uint64_t, uint64_t)');

const before = isMade(4);
const isRefused = control(PR_SET_MDWE, REFUSE_EXEC_GAIN, 0, 0, 0) === 0;
console.log(JSON.stringify({ before, isRefused, after: [isMade(5), isMade(4)] }));
