/**
 * Which row of a foreign classifier each of our classes is: `theirs ours` lines, or JSON `{"theirs": ours}`. Theirs is a
 * row, from 0; ours a class name or a label.
 */
import { readFile } from 'node:fs/promises';
import { DataError } from '@longtail/core';

interface Pair {
  readonly theirs: string;
  readonly ours: string;
  /** Where it stands, for messages. */
  readonly place: string;
}

/** A blank line and one that begins with `#` say nothing; a name of ours may hold blanks. */
function pairsOfText(text: string, path: string): Pair[] {
  return text.split(/\r?\n/).flatMap((line, i) => {
    const place = `${path}:${i + 1}`;
    if (/^\s*(#|$)/.test(line)) return [];
    const [, theirs, ours] = /^\s*(\S+)\s+(.*\S)\s*$/.exec(line) ?? [];
    if (theirs !== undefined && ours !== undefined) return [{ theirs, ours, place }];
    throw new DataError(
      `expected a class of the checkpoint and one of ours in ${place}, but found "${line.trim()}"; write both, a blank between them.`,
      { path, line: i + 1 },
    );
  });
}

function pairsOfJson(text: string, path: string): Pair[] {
  const wrong = (found: string): DataError =>
    new DataError(`expected JSON like {"12": "wren"} in ${path}, but ${found}; mend it.`, { path });
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw wrong((cause as Error).message);
  }
  return Object.entries(parsed as object).map(([theirs, ours]) => {
    if (typeof ours !== 'string' && typeof ours !== 'number')
      throw wrong(`the value of "${theirs}" is ${JSON.stringify(ours)}`);
    return { theirs, ours: String(ours), place: `${path}, "${theirs}"` };
  });
}

/** A name comes before the label that it looks like. */
function labelOf({ ours, place }: Pair, classNames: readonly string[]): number {
  const byName = classNames.indexOf(ours);
  if (byName >= 0) return byName;
  const label = /^\d+$/.test(ours) ? Number(ours) : Number.NaN;
  if (label < classNames.length) return label;
  throw new DataError(
    `expected a class name or a label from 0 to ${classNames.length - 1} in ${place}, but found "${ours}"; mend it.`,
    { ours },
  );
}

function rowOf({ theirs, place }: Pair, rows: number): number {
  const row = /^\d+$/.test(theirs) ? Number(theirs) : Number.NaN;
  if (row < rows) return row;
  throw new DataError(
    `expected a class of the checkpoint, 0 to ${rows - 1}, in ${place}, but found "${theirs}"; mend it.`,
    { theirs },
  );
}

/**
 * @param options.classNames ours, by label
 * @param options.rows of the checkpoint's classifier
 * @returns the row of each of our classes, shape [C]; rows that no line names are left out
 * @throws DataError with the line: a class that is none, or is there twice; naming the first of ours that is not there
 * @example
 * await readLabelMap('map.txt', { classNames: ['auk', 'wren'], rows: 3 }); // '2 auk\n0 wren' gives [2, 0]
 */
export async function readLabelMap(
  path: string,
  { classNames, rows }: { classNames: readonly string[]; rows: number },
): Promise<Int32Array> {
  const text = await readFile(path, 'utf8').catch((cause: Error) => {
    throw new DataError(`expected classes by line in ${path}, but ${cause.message}.`, { path }, { cause });
  });
  const pairs = /^\s*\{/.test(text) ? pairsOfJson(text, path) : pairsOfText(text, path);
  const found = new Int32Array(classNames.length).fill(-1);
  const taken = new Set<number>();
  for (const pair of pairs) {
    const [row, label] = [rowOf(pair, rows), labelOf(pair, classNames)];
    if (found[label] !== -1 || taken.has(row))
      throw new DataError(
        `expected every class once, but ${pair.place} names ${taken.has(row) ? `class ${row} of the checkpoint` : `"${classNames[label]}"`} again; leave one of the two lines out.`,
        { row, label },
      );
    found[label] = row;
    taken.add(row);
  }
  const missing = found.indexOf(-1);
  if (missing >= 0)
    throw new DataError(
      `expected each of our ${classNames.length} classes in ${path}, but "${classNames[missing]}" (${missing}) is not there; add the checkpoint's class that it is.`,
      { path, label: missing },
    );
  return found;
}
