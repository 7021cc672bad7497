// node register.ts .../tensorflow .../tfjs-node-gpu/package
import '@tensorflow/tfjs'; // gradients
import { registerTensorflowBackend } from '@longtail/backend-tensorflow';
import * as tf from '@tensorflow/tfjs-core';

const [library = '', javascript = ''] = process.argv.slice(2);
registerTensorflowBackend({ library, javascript });
await tf.setBackend('tensorflow');
console.log(await tf.matMul([[1, 2]], [[3], [4]]).data()); // Float32Array(1) [ 11 ]
