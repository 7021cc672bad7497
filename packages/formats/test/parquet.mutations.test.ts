import { readFileSync } from 'node:fs';
import { describeMutations } from '@longtail/damaged-files';
import { golden } from './golden.ts';
import { readAll } from './read-all.ts';

const files = (names: readonly string[]) => names.map((name) => readFileSync(golden(name)));

describeMutations('parquet', {
  files: files(['fixed.parquet', 'lists.parquet', 'indexed.parquet', 'pages.parquet', 'split.parquet']),
  parse: (_, path) => readAll(path, { features: 'features' }),
});
describeMutations('columns.parquet', {
  files: files(['columns.parquet', 'halves.parquet', 'doubles.parquet']),
  parse: (_, path) => readAll(path),
});
