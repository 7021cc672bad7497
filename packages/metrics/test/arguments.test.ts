import { LongtailError } from '@longtail/core';
import { testArguments } from '@longtail/test-support';
import { argmax, classGroups, evaluate, gini, imbalanceFactor } from '../src/index.ts';

const counts = [500, 50, 5];

testArguments(
  {
    argmax: [argmax, [0, 1, 2, 1, 0, 0], { numClasses: 3 }],
    evaluate: [evaluate, [0, 1, 2], [0, 1, 1], counts, { groupRule: 'official' }],
    classGroups: [classGroups, counts, { groupRule: 'oltr' }],
    imbalanceFactor: [imbalanceFactor, counts],
    gini: [gini, counts],
  },
  { isTyped: (error) => error instanceof LongtailError },
);
