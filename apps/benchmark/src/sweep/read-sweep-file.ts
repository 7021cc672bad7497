/** The file of a sweep, YAML or JSON; what is wrong with it is said with its line. */
import { readFile } from 'node:fs/promises';
import { LongtailError, shown, UsageError } from '@longtail/core';
import { type Document, isMap, isNode, isScalar, LineCounter, parseDocument } from 'yaml';
import type * as z from 'zod';
import { didYouMean } from '../did-you-mean.ts';
import { isOptionName, optionNames, optionRange } from '../recipe-options.ts';
import { RANGES, SECTIONS, type SweepFile, sweepFileSchema } from './sweep-file.ts';

type Place = readonly (string | number)[];

export interface ReadSweepFile {
  readonly file: SweepFile;
  /** `sweep.yaml:7`, of the value there. */
  readonly placeOf: (at: Place) => string;
}

/** @throws UsageError naming file and line of the first thing that is wrong */
export async function readSweepFile(path: string): Promise<ReadSweepFile> {
  const text = await readFile(path, 'utf8');
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const lineAt = (offset: number): string => `${path}:${lines.linePos(offset).line}`;
  const [error] = document.errors;
  if (error)
    throw new UsageError(
      `expected YAML or JSON in ${lineAt(error.pos[0])}, but ${error.message.split(/ at line |\n/)[0]}; mend it.`,
      { path },
    );
  const placeOf = (at: Place): string => lineAt(offsetOf(document, at));
  const { success, data, error: wrong } = sweepFileSchema.safeParse(contentOf(document, path));
  if (success) return { file: data as SweepFile, placeOf };
  const issue = deepest(wrong.issues[0]!);
  if (issue.code === 'unrecognized_keys') {
    const key = issue.keys[0]!;
    throw new UsageError(unknownKey(key, issue.path as Place, placeOf([...(issue.path as Place), key])), {
      path,
    });
  }
  throw new UsageError(wrongValue(issue.path as Place, document, placeOf(issue.path as Place)), { path });
}

/** @throws UsageError for an alias of what is not there, or of too much */
function contentOf(document: Document, path: string): unknown {
  try {
    return document.toJS();
  } catch (cause) {
    throw new UsageError(
      `expected YAML or JSON in ${path}, but ${(cause as Error).message}; mend it.`,
      { path },
      { cause },
    );
  }
}

/** Of a value that may be one thing or a list, what is wrong with the list. */
function deepest(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union') return issue;
  const inner = issue.errors.flat().find(({ path }) => path.length > 0);
  return inner ? ({ ...inner, path: [...issue.path, ...inner.path] } as z.core.$ZodIssue) : issue;
}

/** Of the key where there is one, else of the nearest thing above that is there. */
function offsetOf(document: Document, at: Place): number {
  const last = at.at(-1);
  const above = at.length > 1 ? document.getIn(at.slice(0, -1), true) : document.contents;
  const pair = isMap(above)
    ? above.items.find(({ key }) => (isScalar(key) ? key.value : key) === last)
    : undefined;
  if (isNode(pair?.key) && pair.key.range) return pair.key.range[0];
  const node = at.length > 0 ? document.getIn(at, true) : document.contents;
  if (isNode(node) && node.range) return node.range[0];
  return at.length > 0 ? offsetOf(document, at.slice(0, -1)) : 0;
}

function unknownKey(key: string, at: Place, place: string): string {
  const [section] = at;
  const isOfOptions = section === 'set' || section === 'grid' || section === 'list';
  if (isOfOptions)
    return `${place} has an option "${key}", but the options are ${optionNames.join(', ')}${didYouMean(key, optionNames)}`;
  const known = section === 'engine' ? ['backend', 'device', 'autocast'] : SECTIONS;
  const hint = isOptionName(key) ? '; options go below set, grid or list.' : didYouMean(key, known);
  return `${place} has "${key}", but ${section ?? 'a sweep'} is made of ${known.join(', ')}${hint}`;
}

function wrongValue(at: Place, document: Document, place: string): string {
  const names = at.filter((part) => typeof part === 'string');
  const name = names.at(-1) ?? '';
  const value = at.length > 0 ? document.getIn(at) : document.toJS();
  const found =
    value === undefined ? 'it is not there' : `found ${shown(isNode(value) ? value.toJSON() : value)}`;
  if (isOptionName(name) && names.length > 1) {
    const isList = at[0] === 'grid' && at.at(-1) === name;
    return `${place}: ${name} must be ${isList ? 'a list of values, each ' : ''}${optionRange(name)}, but ${found}.`;
  }
  return name === ''
    ? `${place}: expected a sweep (recipe, seeds, set, grid, list), but ${found}.`
    : `${place}: ${name} must be ${RANGES[name]}, but ${found}.`;
}

/** What somebody throws of a part of the file, with the place of that part. @throws UsageError */
export function at<T>(place: string, run: () => T): T {
  const placed = (cause: unknown): never => {
    if (!(cause instanceof LongtailError)) throw cause;
    throw new UsageError(`${place}: ${cause.message}`, cause.details, { cause });
  };
  try {
    const result = run();
    return result instanceof Promise ? (result.catch(placed) as T) : result;
  } catch (cause) {
    return placed(cause);
  }
}
