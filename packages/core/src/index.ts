export { cutShort } from './cut-short.ts';
export { DataError, EngineError, InputError, LongtailError, NoGpuError, UsageError } from './errors.ts';
export { asLabels, type ClassGroups, classCounts, groupByClass, indicesByClass } from './labels.ts';
export { favoursSmall, type Random, random, remainder } from './random.ts';
export { decodeSafetensors, encodeSafetensors, type NamedArray, type NamedArrays } from './safetensors.ts';
