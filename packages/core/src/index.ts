export {
  checkFunctions,
  checkIntegers,
  checkLists,
  checkNumbers,
  checkObjects,
  checkOneOf,
  checkOptions,
  checkStrings,
} from './checks.ts';
export { classesOf, MOST_CLASSES, type NamedClasses } from './class-names.ts';
export { asCounts, checkCounts } from './counts.ts';
export { DataError, EngineError, InputError, LongtailError, NoGpuError, UsageError } from './errors.ts';
export { extent } from './extent.ts';
export { favoursSmall, integer, remainder } from './integer.ts';
export {
  asLabels,
  type ClassGroups,
  classCounts,
  groupByClass,
  indicesByClass,
  type LabelList,
} from './labels.ts';
export { checkPositions } from './positions.ts';
export { type Random, random } from './random.ts';
export { type Refusal, refusal } from './refusal.ts';
export { type IdentifierList, type IdentifiersOf, type Renumbered, renumber } from './renumber.ts';
export type { Bits } from './sfc32.ts';
export { shown } from './shown.ts';
export { checkWeights } from './weights.ts';
