import '@tensorflow/tfjs'; // a backend, and the gradients; faster ones: loadEngine() of @longtail/engine
import { crt, ncm } from '@longtail/heads';
import * as tf from '@tensorflow/tfjs-core';

// Embeddings of six pictures, [6, 2], and their classes: four of the first, one of each other.
const embeddings = tf.tensor2d([9, 1, 8, 0, 7, 1, 9, 0, 1, 9, 9, 9], [6, 2]);
const labels = [0, 0, 0, 0, 1, 2];
const queries = tf.tensor2d([8, 1, 0, 7, 8, 8], [3, 2]);

const nearest = ncm(embeddings, labels, { numClasses: 3 }); // nothing is learned
const scores = nearest.logits(queries); // [3, 3], the larger the likelier
console.log(await tf.argMax(scores, 1).data()); // Int32Array(3) [ 0, 1, 2 ]

// Class-balanced batches, epoch by epoch: the rare classes as often as the frequent one.
const rows = [0, 4, 5, 1, 4, 5];
const batches = () => [
  {
    features: tf.gather(tf.div(embeddings, 9), rows) as tf.Tensor2D,
    labels: tf.tensor1d(
      rows.map((row) => labels[row]!),
      'int32',
    ),
  },
];
const retrained = await crt(batches, {
  featureDim: 2,
  numClasses: 3,
  seed: 0,
  epochs: 60,
  schedule: 'official',
});
console.log(await tf.argMax(retrained.logits(tf.div(queries, 9)), 1).data()); // Int32Array(3) [ 0, 1, 2 ]
