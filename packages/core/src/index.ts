export { cutShort } from './cut-short.ts';
export { DataError, EngineError, InputError, LongtailError, NoGpuError, UsageError } from './errors.ts';
export { asLabels, classCounts, indicesByClass } from './labels.ts';
export { type Random, random } from './random.ts';
export { decodeSafetensors, encodeSafetensors, type NamedArray, type NamedArrays } from './safetensors.ts';
