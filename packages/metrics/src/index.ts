export { argmax } from './argmax.ts';
export { evaluate, type Scores } from './evaluate.ts';
export { classGroups, type GroupRule, type Groups } from './groups.ts';
export { gini, imbalanceFactor } from './imbalance.ts';
