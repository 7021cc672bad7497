/** Pictures of a CSV file with a header line: one column of paths, one of labels. */
import { Readable } from 'node:stream';
import { checkOptions, checkStrings, classesOf, DataError, InputError } from '@longtail/core';
import { type CsvError, parse } from 'csv-parse';
import { expectNames, expectPath } from '../arguments.ts';
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

/** Every label gets the number of its first appearance. */
function numbered(): { of(label: string, line: number): number; labels: string[]; lines: number[] } {
  const [numbers, labels, lines] = [new Map<string, number>(), [] as string[], [] as number[]];
  return {
    labels,
    lines,
    of(label, line) {
      const known = numbers.get(label);
      if (known !== undefined) return known;
      numbers.set(label, labels.length);
      lines.push(line);
      return labels.push(label) - 1;
    },
  };
}

/**
 * @param source path of the CSV file; `.gz` is read as what it holds
 * @param options.path column of the paths
 * @param options.label column of the labels: whole numbers from 0 ("2.0" is 2), or names, which are numbered in
 *   alphabetic order (of code units)
 * @param options.classNames of the training set, for its other splits: labels are places among them
 * @throws DataError that names file and line: no such column, a blank label, numbers among names, a class that
 *   `classNames` lacks, a path that leaves its folder
 * @example
 * const { list, classNames } = await readCsvList('train.csv', { path: 'file', label: 'species' });
 * const test = await readCsvList('test.csv', { path: 'file', label: 'species', classNames });
 */
export async function readCsvList(
  source: string,
  options: { path?: string; label?: string; delimiter?: string; classNames?: readonly string[] } = {},
): Promise<{ list: PictureList; classNames: readonly string[] }> {
  expectPath('source', source);
  const { path = 'path', label = 'label', delimiter = ',' } = checkOptions(options, { of: 'readCsvList' });
  const { classNames: given } = options;
  checkStrings({ path, label, delimiter });
  if (delimiter === '')
    throw new InputError('delimiter must be a text of at least one character, but it is empty.');
  if (given !== undefined) expectNames('classNames', given);
  const list = pictureListBuilder(source, { place: (index) => `${source}, row ${index + 1}` });
  const labels = numbered();
  for await (const { record, info } of rows(source, delimiter)) {
    for (const column of [path, label])
      if (!Object.hasOwn(record, column))
        throw new DataError(
          `expected the column "${column}" in ${source}, but its columns are ${Object.keys(record).join(', ')}; name the column.`,
          { source, column },
        );
    const { lines } = info;
    list.add(record[path]!, labels.of(record[label]!.trim(), lines), `${source}, line ${lines}`);
  }
  if (list.length === 0)
    throw new DataError(
      `expected rows below the header of ${source}, but there are none; give another file.`,
      {
        source,
      },
    );
  const { classes, classNames } = classesOf(labels.labels, {
    classNames: given,
    place: (i) => `${source}, line ${labels.lines[i]}`,
  });
  return { list: list.finish({ labels: (number) => classes[number]! }), classNames };
}
