import '@tensorflow/tfjs';
import {
  centre,
  classifier,
  conformal,
  decodeClassifier,
  encodeClassifier,
  l2,
  logisticRegression,
  transformed,
} from '@longtail/heads';
import * as tf from '@tensorflow/tfjs-core';

// Embeddings of eight pictures, [8, 2], and their classes: six cats, two lynxes.
const embeddings = tf.tensor2d([9, 1, 8, 0, 7, 1, 9, 0, 8, 2, 6, 5, 5, 6, 6, 7], [8, 2]);
const labels = [0, 0, 0, 0, 0, 0, 1, 1];

const transform = [...centre(embeddings), ...l2()];
const head = await logisticRegression(transformed(embeddings, transform), labels, { numClasses: 2 });
const classNames = ['cat', 'lynx'];
const made = classifier({ head, classNames, counts: [6, 2], transform, prior: 'uniform' });

// One file, with all that a prediction needs; read where it is deployed.
const read = decodeClassifier(encodeClassifier(made));
const queries = tf.tensor2d([8, 1, 4, 6], [2, 2]);
const best = await tf.argMax(read.probabilities(queries), 1).data();
console.log(Array.from(best, (c) => read.classNames[c])); // [ 'cat', 'lynx' ]

// Sets that hold the right class for 80 % of what is to come: of rows that the head was not fitted on, here for brevity the same.
const { sets } = conformal(read.probabilities(embeddings), labels, { alpha: 0.2 });
const found = sets(read.probabilities(queries));
console.log(found.map((set) => Array.from(set, (c) => read.classNames[c]))); // [ [ 'cat' ], [ 'lynx', 'cat' ] ]
