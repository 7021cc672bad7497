import { argmax, evaluate } from '@longtail/metrics';

const trainCounts = [500, 60, 5]; // n_c, which the groups go by
const testLabels = [0, 0, 1, 1, 2, 2];
const logits = [9, 1, 0, 8, 0, 1, 2, 5, 0, 6, 1, 0, 3, 0, 1, 1, 0, 2]; // [6, 3], row by row

const scores = evaluate(argmax(logits, { numClasses: 3 }), testLabels, trainCounts);
console.log(scores.many, scores.medium, scores.few); // 1 0.5 0.5
console.log(scores.all.toFixed(3), scores.macroF1.toFixed(3), scores.groupRule); // 0.667 0.667 official
