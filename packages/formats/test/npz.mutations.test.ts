import { readFileSync } from 'node:fs';
import { describeMutations } from '@longtail/damaged-files';
import { golden } from './golden.ts';
import { readAll } from './read-all.ts';

const files = ['stored.npz', 'zip64.npz', 'deflated.npz'].map((name) => readFileSync(golden(name)));
describeMutations('npz', { files, parse: (_, path) => readAll(path) });
