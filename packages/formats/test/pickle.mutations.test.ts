import { readFileSync } from 'node:fs';
import { describeMutations } from '@longtail/damaged-files';
import { golden } from './golden.ts';
import { readAll } from './read-all.ts';

const files = ['protocol-3.pkl', 'protocol-4.pkl', 'protocol-5.pkl', 'more.pkl'].map((name) =>
  readFileSync(golden(name)),
);
describeMutations('pickle', { files, parse: (_, path) => readAll(path, { format: 'pickle' }) });
