import { random } from '@longtail/core';
import { adjusted, compareMethods, scoreIntervals } from '@longtail/metrics';

const trainCounts = [500, 60, 5]; // n_c, which the groups go by
const labels = Int32Array.from({ length: 900 }, (_, i) => Math.floor(i / 300)); // 300 test images a class
const { uniform } = random(0, 'example');
const luck = labels.map(() => 1000 * uniform()); // how hard an image is, for each method alike
const method = (right: readonly number[]) =>
  labels.map((c, i) => (luck[i]! < 1000 * right[c]! ? c : (c + 1) % 3));

const joint = method([0.9, 0.6, 0.2]);
const { few } = scoreIntervals(joint, labels, trainCounts); // a bootstrap stratified by class, BCa
console.log(`${few!.value.toFixed(2)} (${few!.low.toFixed(2)} to ${few!.high.toFixed(2)})`); // 0.21 (0.17 to 0.26)

const rivals = [method([0.85, 0.62, 0.4]), method([0.9, 0.61, 0.2])];
const compared = rivals.map((rival) => compareMethods(rival, joint, labels, trainCounts).all); // the same images
const [first, second] = adjusted(compared); // verdicts of both together, by Holm
console.log(first!.difference.toFixed(3), first!.verdict); // 0.063 better
console.log(second!.difference.toFixed(3), second!.verdict, second!.detectable.toFixed(3)); // 0.004 undecided 0.006
