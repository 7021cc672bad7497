// node vision-transformer.ts clip.safetensors
import '@tensorflow/tfjs';
import { loadWeights, toTimmNames, VIT_ARCHITECTURES, vit } from '@longtail/backbones';
import { type NamedArray, openArrays } from '@longtail/formats';
import * as tf from '@tensorflow/tfjs-core';

const file = await openArrays(process.argv[2] ?? 'clip.safetensors'); // open_clip's, timm's, transformers', ...
const arrays = new Map<string, NamedArray>();
for (const { name } of file.arrays) arrays.set(name, await file.read(name));
await file.close();

// By its name, vit('clip-vit-b/16', { seed: 0 }), or as a row of your own: here a small one.
const row = { ...VIT_ARCHITECTURES['clip-vit-b/16'], width: 64, depth: 2, heads: 4, projection: 32 };
const backbone = vit(row, { seed: 0, pictureSize: 32 });
loadWeights(backbone, toTimmNames(arrays));

const images = tf.zeros<tf.Rank.R4>([2, 32, 32, 3]);
console.log(backbone.features(images, { training: false }).shape); // [ 2, 32 ]
