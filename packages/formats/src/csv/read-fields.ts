/** Numbers and texts out of the fields of a CSV. */
import { DataError } from '@longtail/core';
import type { Column, Nulls, Range, Table } from '../table.ts';
import { valueError } from '../value-error.ts';
import { hasComma, hasThousands, isBool, isMissing, isNumber, toNumber } from './fields.ts';
import { lineOf } from './row-index.ts';
import { eachBatch, type Rows } from './rows.ts';

/** What was expected instead, if a row is refused. */
type Take = (fields: readonly string[], row: number) => Expected | undefined;

export function fieldReader(
  rows: Rows,
  columns: readonly Column[],
  nulls: Nulls,
): Pick<Table, 'read' | 'readExact' | 'readTexts' | 'readBytes'> {
  async function each({ start, end }: Range, take: Take): Promise<void> {
    for await (const { at, batch } of eachBatch(rows, { start, end }))
      for (const [i, fields] of batch.entries()) {
        const expected =
          fields.length === columns.length
            ? take(fields, at + i - start)
            : {
                expected: `${columns.length} fields, but there are ${fields.length}; mend the row, or quote what holds a delimiter`,
              };
        if (expected) throw await refused(rows, at + i, expected);
      }
  }
  const read: Table['read'] = async (wanted, range, into) => {
    await each(range, (fields, row) => {
      for (const [i, column] of wanted.entries()) {
        const field = fields[column]!;
        const value = toNumber(field);
        into[row * wanted.length + i] = value;
        // Most fields are numbers, and none of these.
        if (!Number.isNaN(value) || isNumber(field) || (nulls === 'nan' && isMissing(field))) continue;
        if (columns[column]!.typeName === 'bool' && isBool(field))
          into[row * wanted.length + i] = /true/i.test(field) ? 1 : 0;
        else return expectedNumber(columns[column]!.name, field);
      }
      return undefined;
    });
    return into;
  };
  const readTexts: Table['readTexts'] = async (column, range) => {
    const texts: string[] = [];
    await each(range, (fields) => {
      texts.push(fields[column]!);
      return fields[column]!.includes('\ufffd')
        ? { expected: `UTF-8 in the column "${columns[column]!.name}"` }
        : undefined;
    });
    return texts;
  };
  return {
    read,
    readTexts,
    readExact: (column, range) => read([column], range, new Float64Array(range.end - range.start)),
    readBytes: async (column, range) => {
      const encoder = new TextEncoder();
      return (await readTexts(column, range)).map((text) => encoder.encode(text));
    },
  };
}

interface Expected {
  /** What, and what is there instead. */
  readonly expected: string;
  /** Where it is one value that is wrong: what to do about it. */
  readonly advice?: string;
}

async function refused(
  { source, offsets }: Rows,
  row: number,
  { expected, advice }: Expected,
): Promise<DataError> {
  const { path } = source;
  const line = await lineOf(source, offsets[row]!);
  const message = `${path}:${line}: expected ${expected}`;
  return advice === undefined
    ? new DataError(`${message}.`, { path, line })
    : valueError(message, { advice, path, line });
}

function expectedNumber(name: string, field: string): Expected {
  const expected = `a number in the column "${name}", but it holds ${JSON.stringify(field.slice(0, 40))}`;
  const pandas = (option: string) => `(in pandas: read_csv(..., ${option}=','), then to_csv)`;
  const decimal = `write a decimal point ${pandas('decimal')}`;
  if (isMissing(field)) return { expected, advice: "fill it in, or take it as NaN with `nulls: 'nan'`" };
  if (hasThousands(field))
    return { expected, advice: `leave out commas between thousands ${pandas('thousands')}, or ${decimal}` };
  if (hasComma(field)) return { expected, advice: decimal };
  return { expected, advice: 'name the columns with `features`' };
}
