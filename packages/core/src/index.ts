export { DataError, EngineError, InputError, LongtailError, NoGpuError, UsageError } from './errors.ts';
export { favoursSmall, integer, remainder } from './integer.ts';
export { asLabels, type ClassGroups, classCounts, groupByClass, indicesByClass } from './labels.ts';
export { type Random, random } from './random.ts';
export type { Bits } from './sfc32.ts';
