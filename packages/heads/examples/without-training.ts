import '@tensorflow/tfjs'; // a backend; faster ones: loadEngine() of @longtail/engine
import { knn, lda, ridge } from '@longtail/heads';
import * as tf from '@tensorflow/tfjs-core';

// Embeddings [7, 2] and their classes: four of the first, two of the second, one of the third.
const embeddings = tf.tensor2d([9, 1, 8, 0, 7, 1, 9, 0, 1, 9, 0, 8, 9, 9], [7, 2]);
const labels = [0, 0, 0, 0, 1, 1, 2];
const queries = tf.tensor2d([8, 1, 0, 7, 8, 8], [3, 2]);

// One covariance of all classes, shrunk; every class is as likely.
const discriminant = lda(embeddings, labels, { numClasses: 3 });
console.log(await tf.argMax(discriminant.logits(queries), 1).data()); // Int32Array(3) [ 0, 1, 2 ]

// Regression to one-hot labels, where every class weighs alike.
const regression = ridge(embeddings, labels, { numClasses: 3, classWeight: 'balanced' });
console.log(await tf.argMax(regression.logits(queries), 1).data()); // Int32Array(3) [ 0, 1, 2 ]

// The three nearest vote; a vote counts for less in a frequent class.
const neighbours = knn(embeddings, labels, { numClasses: 3, k: 3, distance: 'l2' });
console.log(await tf.argMax(neighbours.logits(queries), 1).data()); // Int32Array(3) [ 0, 1, 2 ]
