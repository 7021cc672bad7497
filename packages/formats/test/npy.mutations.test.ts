import { readFileSync } from 'node:fs';
import { describeMutations } from '@longtail/damaged-files';
import { golden } from './golden.ts';
import { npyText } from './npy-text.ts';
import { readAll, readColumns } from './read-all.ts';

const files = ['f2.npy', 'f8-big.npy', 'version-2.npy', 'pooled.npy'].map((name) =>
  readFileSync(golden(name)),
);
describeMutations('npy', { files, parse: (_, path) => readAll(path) });

const texts = ['cat', 'dog', 'a very long name', ''];
describeMutations('text.npy', {
  files: [npyText('<U16', texts), npyText('|S16', texts)],
  parse: (_, path) => readColumns(path),
});
