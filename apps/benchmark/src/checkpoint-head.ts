/**
 * The linear classifier beside a backbone's weights: z = (W f + b) * s, by whatever name. Weight [C, D]; bias [C] and the
 * official LWS's `scales` [C], one level up, where the file has them.
 */
import { DataError, UsageError } from '@longtail/core';
import { float32Of, type NamedArray, type NamedArrays } from '@longtail/formats';

export interface CheckpointHead {
  /** The file's name of the weight. */
  readonly name: string;
  /** Shape [C, D], row by row. */
  readonly weight: Float32Array;
  /** Shape [C]; absent where the head has none. */
  readonly bias?: Float32Array;
  /** Shape [C]; absent where the head has none. */
  readonly scale?: Float32Array;
  /** C: rows of the weight. */
  readonly rows: number;
  /** The file's names of all that is in use. */
  readonly used: readonly string[];
}

interface Wanted {
  /** D of the backbone. */
  readonly featureDim: number;
  /** C; absent where a mapping chooses among the head's rows. */
  readonly numClasses?: number;
  /** What stands before the backbone's names. */
  readonly prefix: string;
  /** The name that was asked for, with or without its `.weight`. */
  readonly head?: string;
  /** Of the file, for messages. */
  readonly path: string;
}

type Entry = readonly [name: string, array: NamedArray];
const isWeight = ([name, { shape }]: Entry): boolean => /(^|\.)weight$/.test(name) && shape.length === 2;
const shown = ([name, { shape }]: Entry): string => `"${name}" [${shape.join(', ')}]`;
const listed = (entries: readonly Entry[]): string => entries.map(shown).join(', ') || 'none';

/** How many parts of their names two have in common, from the first on. */
function inCommon(a: string, b: string): number {
  const [x, y] = [a.split('.'), b.split('.')];
  const differs = x.findIndex((part, i) => part !== y[i]);
  return differs < 0 ? x.length : differs;
}

/** @throws UsageError for a name that no weight has */
function named(weights: readonly Entry[], head: string, path: string): Entry[] {
  const found = weights.filter(([name]) => name === head || name === `${head}.weight`);
  if (found.length > 0) return found;
  throw new UsageError(
    `--head takes the name of a linear head in ${path}, ${listed(weights)}, but got "${head}".`,
  );
}

/** The only head that fits; of several the one whose name begins as the backbone's names do. */
function choose(rest: NamedArrays, { featureDim, numClasses, prefix, head, path }: Wanted): Entry {
  const weights = [...rest].filter(isWeight);
  const asked = head === undefined ? weights : named(weights, head, path);
  const wide = asked.filter(([, { shape }]) => shape[1] === featureDim);
  if (wide.length === 0)
    throw new DataError(
      `expected a linear head of ${featureDim} features, [classes, ${featureDim}], in ${path}, but found ${listed(asked)}; name a checkpoint with its classifier.`,
      { path, featureDim },
    );
  const fit = wide.filter(([, { shape }]) => numClasses === undefined || shape[0] === numClasses);
  if (fit.length === 0)
    throw new DataError(
      `expected a head of the ${numClasses} classes of the data in ${path}, but found ${listed(wide)}; name the recipe that it is of, or say which of its classes are ours with --labels-map.`,
      { path, numClasses },
    );
  const most = fit.reduce((best, [name]) => Math.max(best, inCommon(name, prefix)), 0);
  const nearest = fit.filter(([name]) => inCommon(name, prefix) === most);
  if (nearest.length > 1)
    throw new UsageError(`${path} holds several heads that fit, ${listed(nearest)}; choose one with --head.`);
  return nearest[0]!;
}

/** @throws DataError unless all of it are finite numbers */
function numbers([name, array]: Entry, path: string): Float32Array {
  if (!/float/.test(array.dtype ?? ''))
    throw new DataError(
      `expected floating-point numbers in "${name}" of ${path}, but it is ${array.dtype}.`,
      {
        path,
        name,
      },
    );
  const values = float32Of(array);
  const place = values.findIndex((value) => !Number.isFinite(value));
  if (place < 0) return values;
  throw new DataError(
    `expected finite weights in ${path}, but "${name}" is ${values[place]} at element ${place}; take another copy of the file.`,
    { path, name, place },
  );
}

/**
 * @param rest what of the file is not the backbone's
 * @throws DataError where no head fits, or its numbers are none; UsageError where several do, or none has the name
 */
export function findHead(rest: NamedArrays, wanted: Wanted): CheckpointHead {
  const { path } = wanted;
  const entry = choose(rest, wanted);
  const [name, { shape }] = entry;
  const rows = shape[0]!;
  const oneARow = (key: string): Entry | undefined => {
    const array = rest.get(key);
    if (!array) return undefined;
    if (array.shape.length === 1 && array.shape[0] === rows) return [key, array];
    throw new DataError(
      `expected one number a class, [${rows}], in ${path}, but found ${shown([key, array])}; choose another head with --head.`,
      { path, name: key },
    );
  };
  const bias = oneARow(name.replace(/weight$/, 'bias'));
  const scale = oneARow(name.replace(/([^.]+\.)?weight$/, 'scales'));
  return {
    name,
    rows,
    weight: numbers(entry, path),
    ...(bias && { bias: numbers(bias, path) }),
    ...(scale && { scale: numbers(scale, path) }),
    used: [entry, bias, scale].flatMap((one) => (one ? [one[0]] : [])),
  };
}
