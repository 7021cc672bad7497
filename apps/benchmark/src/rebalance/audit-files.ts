/** The audit as CSV files in a folder, one a kind of finding; rows are counted from 0. A file without a finding has its title alone. */
import { join } from 'node:path';
import { encodeCsv } from '@longtail/formats';
import { writeWhole } from '@longtail/formats/whole-file';
import type { Finding } from './audit.ts';
import type { Outlier } from './outliers.ts';
import type { WrongLabel } from './wrong-labels.ts';

type Columns = Parameters<typeof encodeCsv>[0];

const integers = (all: readonly number[]) => ({ shape: [all.length], data: Int32Array.from(all) });
const numbers = (all: readonly number[]) => ({ shape: [all.length], data: Float32Array.from(all) });
const rowsOf = (all: readonly { readonly part: string; readonly row: number }[]) => ({
  part: all.map(({ part }) => part),
  row: integers(all.map(({ row }) => row)),
});

async function write(folder: string, files: Readonly<Record<string, Columns>>): Promise<void> {
  for (const [name, columns] of Object.entries(files))
    await writeWhole(join(folder, `${name}.csv`), encodeCsv(columns));
}

/** not-finite.csv, twice.csv, constant-columns.csv. */
export async function writeFindings(folder: string, findings: readonly Finding[]): Promise<void> {
  const of = (kind: Finding['kind']): Finding[] => findings.filter((one) => one.kind === kind);
  await write(folder, {
    'not-finite': rowsOf(of('not finite')),
    twice: { ...rowsOf(of('twice')), same_as: of('twice').map(({ other }) => other) },
    'constant-columns': { column: integers(of('constant column').map(({ row }) => row)) },
  });
}

/** wrong-labels.csv, outliers.csv. */
export async function writeSuspects(
  folder: string,
  { labels, far }: { labels: readonly WrongLabel[]; far: readonly Outlier[] },
): Promise<void> {
  await write(folder, {
    'wrong-labels': {
      ...rowsOf(labels),
      ...{ label: labels.map(({ label }) => label), likely: labels.map(({ likely }) => likely) },
      of_label: numbers(labels.map(({ ofLabel }) => ofLabel)),
      of_likely: numbers(labels.map(({ ofLikely }) => ofLikely)),
    },
    outliers: {
      ...rowsOf(far),
      label: far.map(({ label }) => label),
      distance: numbers(far.map(({ distance }) => distance)),
      beyond: numbers(far.map(({ beyond }) => beyond)),
    },
  });
}
