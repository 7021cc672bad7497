import { readFileSync } from 'node:fs';
import { describeMutations } from '@longtail/damaged-files';
import { golden } from './golden.ts';
import { oddTables } from './odd-tables.ts';
import { readAll, readColumns } from './read-all.ts';

const files = (names: readonly string[]) => names.map((name) => readFileSync(golden(name)));

describeMutations('parquet', {
  files: files(['fixed.parquet', 'lists.parquet', 'indexed.parquet', 'pages.parquet', 'split.parquet']),
  parse: (_, path) => readAll(path),
});
describeMutations('columns.parquet', {
  files: files(['columns.parquet', 'halves.parquet', 'doubles.parquet']),
  parse: (_, path) => readAll(path, { nulls: 'nan' }),
});
describeMutations('odd.parquet', {
  files: oddTables.filter(({ name }) => name.endsWith('.parquet')).map(({ bytes }) => bytes),
  parse: (_, path) => readColumns(path, { nulls: 'nan' }),
});
