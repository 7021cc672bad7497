import { drawnLT, drawSubset, longTail, subsetOf } from '@longtail/datasets';

// Any balanced set; the published tails are there by name: await imagenetLT('DIR', { lists: 'DIR' })
const { train: whole } = drawnLT({ seed: 0, largest: 20, imbalanceFactor: 1 });
const counts = longTail({ numClasses: 36, largest: 20, imbalanceFactor: 10 });
const tail = subsetOf(whole, drawSubset(whole.labels, counts));
console.log(whole.length, tail.length, counts.at(-1)); // 720 268 2
console.log(tail.hash); // 783cccc7c1a221c17ce7afcc60f870fde9282caab64b02bb301515c45f02c64e
// SHA-256 of which pictures: report it with the numbers.
