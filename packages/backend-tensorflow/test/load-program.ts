/** Registers the library in its first argument with the JavaScript in its second, adds two numbers and ends. */

import * as tf from '@tensorflow/tfjs-core';
import { registerTensorflowBackend } from '../src/index.ts';

const [, , library, javascript] = process.argv;
try {
  registerTensorflowBackend({ library: library!, javascript: javascript! });
  await tf.setBackend('tensorflow');
  console.log(...tf.add(1, 2).dataSync());
} catch (error) {
  console.log(`${(error as Error).name}: ${(error as Error).message}`);
}
