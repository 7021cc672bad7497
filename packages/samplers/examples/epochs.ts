import { batchSampler, classBalanced } from '@longtail/samplers';

const labels = [0, 0, 0, 1, 1, 1, 1, 1]; // the class of each image
const sampler = classBalanced(labels, { seed: 0, length: 6 });

console.log(sampler.probabilities(0)); // Float64Array(2) [ 0.5, 0.5 ]
console.log(sampler.indices(0)); // Int32Array(6) [ 5, 3, 0, 5, 6, 7 ]
console.log(sampler.indices(1)); // Int32Array(6) [ 7, 4, 4, 6, 1, 1 ]

// Or in batches, here the share of process 1 of 2.
const share = batchSampler(sampler, { batchSize: 2, dropLast: true, rank: 1, ranks: 2 });
const [batch] = share.batches(0);
console.log(batch); // Int32Array(2) [ 0, 5 ]
