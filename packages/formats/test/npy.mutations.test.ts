import { readFileSync } from 'node:fs';
import { describeMutations } from '@longtail/damaged-files';
import { golden } from './golden.ts';
import { readAll } from './read-all.ts';

const files = ['f2.npy', 'f8-big.npy', 'version-2.npy', 'pooled.npy'].map((name) =>
  readFileSync(golden(name)),
);
describeMutations('npy', { files, parse: (_, path) => readAll(path) });
