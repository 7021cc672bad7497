export { classesOf, MOST_CLASSES, type NamedClasses } from './class-names.ts';
export { cutShort } from './cut-short.ts';
export { DataError, EngineError, InputError, LongtailError, NoGpuError, UsageError } from './errors.ts';
export { favoursSmall, integer, remainder } from './integer.ts';
export { asLabels, type ClassGroups, classCounts, groupByClass, indicesByClass } from './labels.ts';
export { type Random, random } from './random.ts';
export { decodeSafetensors, encodeSafetensors, type NamedArray, type NamedArrays } from './safetensors.ts';
export type { Bits } from './sfc32.ts';
