// node register.ts .../site-packages/torch/lib
import '@tensorflow/tfjs'; // gradients
import { registerTorchBackend } from '@longtail/backend-torch';
import * as tf from '@tensorflow/tfjs-core';

registerTorchBackend({ library: process.argv[2] ?? '' }); // of any PyTorch >= 2.11
await tf.setBackend('torch');
console.log(await tf.matMul([[1, 2]], [[3], [4]]).data()); // Float32Array(1) [ 11 ]
