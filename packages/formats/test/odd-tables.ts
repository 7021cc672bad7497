/** The files of golden/odd_tables.py, and what each of their columns holds. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Its dtype or `text`, its shape and the SHA-256 of its values; or that it is refused. */
export type Expected = readonly [kind: string, shape: readonly number[], sha256: string] | 'refused';

export interface OddTable {
  readonly name: string;
  readonly bytes: Buffer;
  readonly columns: Readonly<Record<string, Expected>>;
}

type Written = [name: string, base64: string, columns: OddTable['columns']][];

const script = (extension: string): string => join(import.meta.dirname, `golden/odd_tables.${extension}`);

const parsed = (json: string): OddTable[] =>
  (JSON.parse(json) as Written).map(([name, base64, columns]) => ({
    name,
    bytes: Buffer.from(base64, 'base64'),
    columns,
  }));

/** As they are kept here. */
export const oddTables: readonly OddTable[] = parsed(readFileSync(script('json'), 'utf8'));

/** Of other values, by a Python that has pyarrow, pandas and polars. */
export function freshTables(python: string, seed: number): OddTable[] {
  const output = execFileSync(python, [script('py'), '--seed', String(seed)], { maxBuffer: 2 ** 26 });
  return parsed(output.toString());
}
