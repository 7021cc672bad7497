import '@tensorflow/tfjs'; // a backend
import { openCollective } from '@longtail/collective';
import * as tf from '@tensorflow/tfjs-core';

const group = await openCollective();
const gradients = [tf.tensor1d([1, 2]), tf.scalar(group.rank)];
group.allReduce(gradients, { mean: true });
console.log((await gradients[0]!.data()).join()); // 1,2

const correct = Int32Array.of(3, 1); // of each class, on this process's share of the images
group.reduceArrays([correct]);
if (group.rank === 0) console.log(`${correct[0]! / 3} right on each of ${group.size}`);

group.close();
