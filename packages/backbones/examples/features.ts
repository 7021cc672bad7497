// node features.ts resnet.pth
import '@tensorflow/tfjs'; // a backend; faster ones: loadEngine() of @longtail/engine
import { loadWeights, resNet } from '@longtail/backbones';
import { type NamedArray, openArrays } from '@longtail/formats';
import * as tf from '@tensorflow/tfjs-core';

const file = await openArrays(process.argv[2] ?? 'resnet.pth'); // anyone's state dict
const arrays = new Map<string, NamedArray>();
for (const { name } of file.arrays) arrays.set(name, await file.read(name));
await file.close();

const backbone = resNet('cifar-resnet-20', { seed: 0 });
const { rest } = loadWeights(backbone, arrays); // rest: the classifier beside it
console.log([...rest.keys()]);

const images = tf.zeros<tf.Rank.R4>([2, 32, 32, 3]);
console.log(backbone.features(images, { training: false }).shape); // [ 2, 64 ]
