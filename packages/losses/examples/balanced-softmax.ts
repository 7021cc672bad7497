import '@tensorflow/tfjs'; // a backend, and the gradients
import { classCounts } from '@longtail/core';
import { balancedSoftmax } from '@longtail/losses';
import * as tf from '@tensorflow/tfjs-core';

const trainLabels = [0, 0, 0, 0, 0, 0, 1, 1, 2];
const loss = balancedSoftmax(classCounts(trainLabels));

const logits = tf.tensor2d([0, 0, 0, 0, 0, 0], [2, 3]);
const labels = tf.tensor1d([0, 2], 'int32');
const { value, grad } = tf.valueAndGrad((z) => loss(z as tf.Tensor2D, labels, { epoch: 0 }))(logits);
console.log((await value.data())[0]!.toFixed(4)); // 1.3013
console.log(Array.from(await grad.data(), (slope) => slope.toFixed(2)).join(' ')); // -0.17 0.11 0.06 0.33 0.11 -0.44
