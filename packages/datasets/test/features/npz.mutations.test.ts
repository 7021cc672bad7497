import { readFileSync } from 'node:fs';
import { describeMutations } from '../mutations.ts';
import { golden } from './golden.ts';
import { readAll } from './read-all.ts';

const files = ['stored.npz', 'zip64.npz'].map((name) => readFileSync(golden(name)));
describeMutations('npz', { files, parse: (_, path) => readAll(path) });
