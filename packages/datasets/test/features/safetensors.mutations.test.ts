import { readFileSync } from 'node:fs';
import { describeMutations } from '../mutations.ts';
import { golden } from './golden.ts';
import { readAll } from './read-all.ts';

const files = ['half.safetensors', 'bfloat.safetensors'].map((name) => readFileSync(golden(name)));
describeMutations('safetensors', { files, parse: (_, path) => readAll(path) });
