import {
  accuracyUnderPrior,
  classScores,
  confusedPairs,
  confusionMatrix,
  evaluateSlices,
  groupMeans,
  rangeGroups,
  shiftedPrior,
  tally,
  worstClass,
} from '@longtail/metrics';

const trainCounts = [500, 60, 5];
const labels = [0, 0, 0, 1, 1, 2, 2];
const predictions = [0, 0, 1, 1, 1, 0, 2];
const numClasses = trainCounts.length;

const counts = tally(predictions, labels, { numClasses });
const perClass = classScores(counts);
console.log(perClass[1]?.recall, perClass[1]?.precision?.toFixed(3), worstClass(counts).class); // 1 0.667 2

// Groups of one's own, and test sets in which rare classes are frequent.
const recalls = perClass.map(({ recall }) => recall);
const halves = rangeGroups({ head: [0, 1], tail: [1, 3] }, { numClasses });
console.log(groupMeans(recalls, halves).tail); // 0.75
const backward = shiftedPrior(trainCounts, { direction: 'backward', factor: 5 });
console.log(accuracyUnderPrior(recalls, backward)?.toFixed(3)); // 0.656

// Which classes are taken for which, and how much more often than by chance.
const [pair] = confusedPairs(confusionMatrix(predictions, labels, { numClasses }), { by: 'lift' });
console.log(pair?.truth, pair?.prediction, pair?.lift.toFixed(2)); // 2 0 1.17

// Parts of the test set by any column about its rows.
const by = ['day', 'day', 'night', 'day', 'night', 'night', 'day'];
for (const { value, scores } of evaluateSlices(predictions, labels, trainCounts, { by }))
  console.log(value, scores.all.toFixed(3)); // night 0.333
