/** Pictures of a CSV file with a header line: one column of paths, one of labels. */
import { Readable } from 'node:stream';
import { DataError } from '@longtail/core';
import { type CsvError, parse } from 'csv-parse';
import { type PictureList, pictureListBuilder } from './picture-list.ts';
import { fileBytes } from './text-file.ts';

interface Row {
  readonly record: Readonly<Record<string, string | undefined>>;
  readonly info: { readonly lines: number };
}

/** Rows with the line they end at. */
async function* rows(source: string, delimiter: string): AsyncGenerator<Row, void, undefined> {
  const parser = parse({
    columns: true,
    bom: true,
    delimiter,
    info: true,
    skip_empty_lines: true,
    max_record_size: 65_536,
  });
  const bytes = Readable.from(fileBytes(source), { objectMode: true }).on('error', (error) =>
    parser.destroy(error),
  );
  try {
    for await (const row of bytes.pipe(parser)) yield row as Row;
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    const { lines, message } = cause as CsvError & { lines?: number };
    throw new DataError(
      `expected CSV in ${source}, but it is none${lines ? ` in line ${lines}` : ''} (${message}); mend it.`,
      { source },
      { cause },
    );
  } finally {
    bytes.destroy();
  }
}

/** Every name gets the number of its first appearance. */
function numbered(): { of(name: string): number; names: string[] } {
  const [numbers, names] = [new Map<string, number>(), [] as string[]];
  return {
    names,
    of(name) {
      const known = numbers.get(name);
      if (known !== undefined) return known;
      numbers.set(name, names.length);
      return names.push(name) - 1;
    },
  };
}

/** Class of each distinct label: the integer itself where all are integers, else its place among the sorted names. */
function classesOf(labels: readonly string[], source: string): { classes: number[]; classNames: string[] } {
  if (labels.every((label) => /^\d{1,9}$/.test(label))) {
    const classes = labels.map(Number);
    const numClasses = Math.max(...classes) + 1;
    if (numClasses > 1_000_000)
      throw new DataError(
        `expected labels below 1,000,000 in ${source}, but the largest is ${numClasses - 1}; number the classes from 0.`,
        { source },
      );
    return { classes, classNames: Array.from({ length: numClasses }, (_, c) => String(c)) };
  }
  const classNames = [...labels].sort();
  const order = new Map(classNames.map((name, c) => [name, c]));
  return { classes: labels.map((label) => order.get(label)!), classNames };
}

/**
 * @param source path of the CSV file; `.gz` is read as what it holds
 * @param options.path column of the paths
 * @param options.label column of the labels: integers from 0, or names, which are numbered in alphabetic order
 * @throws DataError that names file and line: no such column, an empty label, a path that leaves its folder
 * @example
 * const { list, classNames } = await readCsvList('train.csv', { path: 'file', label: 'species' });
 */
export async function readCsvList(
  source: string,
  {
    path = 'path',
    label = 'label',
    delimiter = ',',
  }: { path?: string; label?: string; delimiter?: string } = {},
): Promise<{ list: PictureList; classNames: string[] }> {
  const list = pictureListBuilder(source, { place: (index) => `${source}, row ${index + 1}` });
  const labels = numbered();
  for await (const { record, info } of rows(source, delimiter)) {
    const place = `${source}, line ${info.lines}`;
    for (const column of [path, label])
      if (record[column] === undefined)
        throw new DataError(
          `expected the column "${column}" in ${source}, but its columns are ${Object.keys(record).join(', ')}; name the column.`,
          { source, column },
        );
    if (record[label] === '')
      throw new DataError(`expected a label in ${place}, but it is empty; mend the line.`, { source });
    list.add(record[path]!, labels.of(record[label]!.trim()), place);
  }
  if (list.length === 0)
    throw new DataError(
      `expected rows below the header of ${source}, but there are none; give another file.`,
      {
        source,
      },
    );
  const { classes, classNames } = classesOf(labels.names, source);
  return { list: list.finish({ labels: (number) => classes[number]! }), classNames };
}
