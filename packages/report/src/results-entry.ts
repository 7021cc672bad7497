/** Results as data: their form, its check, their names, and what they answer. Loads no chart. */

export { caveat } from './caveat.ts';
export { conditions } from './conditions.ts';
export { type Finding, findings, type Verdict } from './findings.ts';
export {
  chosenText,
  classifierName,
  counted,
  duration,
  EMPTY,
  isBest,
  percent,
  points,
  size,
} from './format.ts';
export { parseResults } from './parse-results.ts';
export { bestMean, type Compared, type Pool, type PooledRow, pooled, sideBySide } from './pooled.ts';
export { PUBLISHED, type Published } from './published.ts';
export * from './results.ts';
export { engineSchema, epochSchema, provenanceSchema, resultsSchema } from './results-schema.ts';
export {
  bestOfColumn,
  bestRow,
  rebalancedRows,
  referenceSampler,
  SCORE_COLUMNS,
  type ScoreColumn,
  samplersOf,
} from './selection.ts';
export { testPicturesNote } from './test-pictures.ts';
