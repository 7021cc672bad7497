import { describeMutations } from '@longtail/damaged-files';
import { FEATURES, LABELS } from './golden.ts';
import { oddTables } from './odd-tables.ts';
import { readAll, readColumns } from './read-all.ts';

const rows = (separator: string, end: string): Buffer =>
  Buffer.from(
    Array.from(
      LABELS,
      (label, i) => [...FEATURES.subarray(i * 6, i * 6 + 6), label].join(separator) + end,
    ).join(''),
  );

describeMutations('csv', {
  files: [
    Buffer.concat([Buffer.from('\ufefff0,f1,f2,"f3",f4,f5,label\r\n'), rows(',', '\r\n')]),
    rows(',', '\n'),
    Buffer.from(rows('","', '"\n').toString().replaceAll(/^/gm, '"').replace(/"$/, '')),
  ],
  parse: (_, path) => readAll(path),
});
describeMutations('tsv', {
  files: [Buffer.concat([Buffer.from('a\tb\tc\td\te\tf\ty\n'), rows('\t', '\n')])],
  parse: (_, path) => readAll(path),
});
describeMutations('odd.csv', {
  files: oddTables.filter(({ name }) => name.endsWith('.csv')).map(({ bytes }) => bytes),
  parse: async (_, path) => {
    await readColumns(path, { nulls: 'nan' });
    await readAll(path, { nulls: 'nan' });
  },
});
