import '@tensorflow/tfjs'; // a backend, and the gradients
import { conv2dGeneral } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';

const images = tf.ones<tf.Rank.R4>([1, 8, 8, 64]);
const filter = tf.ones<tf.Rank.R4>([3, 3, 2, 64]); // 32 groups of 2 channels
const maps = conv2dGeneral(images, filter, { strides: 2, padding: 1, groups: 32 });
console.log(maps.shape); // [ 1, 4, 4, 64 ]
