// node predict.ts head.safetensors new.npy
import '@tensorflow/tfjs';
import { readFile } from 'node:fs/promises';
import { openFeatures } from '@longtail/formats';
import { decodeClassifier } from '@longtail/heads';
import * as tf from '@tensorflow/tfjs-core';

const [head = '', embeddings = ''] = process.argv.slice(2);
const made = decodeClassifier(await readFile(head), { source: head });
const file = await openFeatures(embeddings);
const features = tf.tensor2d(await file.rows(0, file.length), [file.length, file.dim]);
for (const c of await tf.argMax(made.probabilities(features), 1).data()) console.log(made.classNames[c]);
await file.close();
