import { classCounts, random } from '@longtail/core';

console.log(classCounts([0, 0, 2])); // Int32Array(3) [ 2, 0, 1 ]

const order = Int32Array.of(0, 1, 2, 3, 4);
console.log(random(0, 'sampler', 3).shuffle(order)); // Int32Array(5) [ 3, 1, 4, 2, 0 ]
// The same for the same seed and keys, anywhere.
