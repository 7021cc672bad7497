import { readFileSync } from 'node:fs';
import { describeMutations } from '@longtail/damaged-files';
import { decodeSafetensors, encodeSafetensors, type NamedArray } from '../src/index.ts';
import { golden } from './golden.ts';
import { readAll } from './read-all.ts';

const files = ['half.safetensors', 'bfloat.safetensors'].map((name) => readFileSync(golden(name)));
describeMutations('safetensors', { files, parse: (_, path) => readAll(path) });

const arrays = new Map<string, NamedArray>([
  ['weight', { shape: [4, 3], data: new Float32Array(12) }],
  ['steps', { shape: [5], data: new BigInt64Array(5) }],
]);
describeMutations('core.safetensors', {
  files: [encodeSafetensors(arrays, { by: 'test' })],
  parse: (input, path) => decodeSafetensors(input, { source: path }),
});
