import {
  type Chunk,
  calibrationOver,
  classGroups,
  cohenKappa,
  geometricMean,
  measure,
  mergeSums,
  scoresOf,
  tallyOver,
  topKOver,
} from '@longtail/metrics';

const trainCounts = [500, 60, 5];
const numClasses = trainCounts.length;
// Rows of logits with their labels, as a model gives them: no chunk is kept.
const first: Chunk = { scores: Float32Array.of(9, 1, 0, 8, 0, 1, 2, 5, 0), labels: [0, 0, 1] };
const second: Chunk = { scores: Float32Array.of(6, 1, 0, 3, 0, 1, 1, 0, 2), labels: [1, 2, 2] };

// Each thread adds its chunks to sums of its own, which are plain arrays; merged they are those of the whole, to the last bit.
const tally = tallyOver({ numClasses });
const shards = [first, second].map((chunk) => {
  const sums = tally.empty();
  tally.add(sums, chunk);
  return sums;
});
const counts = mergeSums(shards);
console.log(scoresOf(counts, trainCounts).few); // 0.5
console.log(cohenKappa(counts)?.toFixed(3), geometricMean(counts).toFixed(3)); // 0.500 0.630

// On one thread, `measure` does all of it.
const [, top2] = measure([first, second], topKOver({ numClasses, k: [1, 2] }));
console.log(top2?.all); // 1

const groups = classGroups(trainCounts);
const { all, groups: grouped } = measure([first, second], calibrationOver({ numClasses, groups }));
console.log(all?.ece.toFixed(3), all?.nll.toFixed(3), all?.brier.toFixed(3)); // 0.352 1.274 0.609
console.log(grouped.many?.accuracy, grouped.few?.ece.toFixed(3)); // 1 0.589
