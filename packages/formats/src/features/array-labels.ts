/** Labels from an array of whole numbers or of texts. */
import { DataError } from '@longtail/core';
import { isFloat, toFloat64 } from '../element-type.ts';
import { listed } from '../listed.ts';
import { readTexts, textsOf } from '../npy/text.ts';
import { conversionOf } from '../npy/type-name.ts';
import { readRows } from '../read-array.ts';
import { elements, type StoredArray, shown, title } from '../stored-array.ts';
import { mayBeLabels } from '../usual-names.ts';
import { firstUnfit, type LabelSet, likelier, type Unfit } from './labels.ts';
import type { LabelOptions } from './table-labels.ts';
import { textLabels } from './text-labels.ts';

const AT_ONCE = 2 ** 20;

/** Why an array holds no labels: what was expected, and what there is. */
interface NoLabels {
  readonly expected: string;
  readonly found: string;
  /** How it may become one of labels. */
  readonly advice?: string | undefined;
  /** Measurements, or rows: no damaged labels. */
  readonly isMeasured: boolean;
}

/**
 * The first of some arrays that holds labels.
 *
 * @throws DataError with the row when the named one holds none, or one that nobody named damaged ones
 */
export async function findArrayLabels(
  candidates: readonly StoredArray[],
  { labels: name, classNames }: LabelOptions,
): Promise<{ set?: LabelSet; notes: readonly string[] }> {
  const notes: string[] = [];
  const others = `name another with \`labels\`${name === undefined ? ', or none: `labels: false`' : ''}`;
  for (const [i, array] of candidates.entries()) {
    const set = await arrayLabels(array, classNames);
    if ('labels' in set)
      return {
        set,
        notes: [...notes, ...beside(array, candidates.slice(i + 1)), ...(set.notes ?? [])],
      };
    if (name === undefined && (set.isMeasured || mayBeLabels(array.name)))
      notes.push(`${set.found}, so these are no labels; ${set.advice ?? 'name them with `labels`'}.`);
    else
      throw new DataError(
        `${array.source.path}: expected ${set.expected}, but ${set.found}; ${[set.advice, others].filter(Boolean).join(', or ')}.`,
        { path: array.source.path, array: array.name },
      );
  }
  return { notes };
}

/** Others of one axis, which may be what was meant. */
function beside(array: StoredArray, others: readonly StoredArray[]): string[] {
  const names = others.flatMap(({ name, shape }) => (elements(shape) === array.shape[0] ? [name] : []));
  return names.length === 0
    ? []
    : [`the labels are those of "${array.name}", not of ${listed(names)}; name others with \`labels\`.`];
}

/** All labels of a stored array, shape [n] or [n, 1]; a piece at a time, so that int64 costs no more than int32. */
async function arrayLabels(
  array: StoredArray,
  classNames: readonly string[] | undefined,
): Promise<LabelSet | NoLabels> {
  const { shape, type, typeName, offset } = array;
  const [length = 0] = shape;
  const text = textsOf(array);
  if ((!type && !text) || shape.length < 1 || elements(shape) !== length || length === 0)
    return {
      expected: 'labels as integers or texts [n]',
      found: `${title(array)} at byte ${offset} is ${typeName} ${shown(shape)}`,
      advice: conversionOf(typeName),
      isMeasured: true,
    };
  if (!text) return numberLabels(array, classNames);
  const set = await textLabels((start, end) => readTexts(array, start, end), length, classNames);
  if ('labels' in set) return set;
  return {
    ...set,
    found: at(
      array,
      set.row,
      JSON.stringify(set.wrong.slice(0, 80)),
      'bytes' in text ? text.bytes : undefined,
    ),
  };
}

async function numberLabels(
  array: StoredArray,
  classNames: readonly string[] | undefined,
): Promise<LabelSet | NoLabels> {
  const { type, shape } = array;
  const labels = new Int32Array(shape[0]!);
  let wrong: (NoLabels & Unfit<unknown>) | undefined;
  for (let start = 0; start < labels.length && !wrong?.isMeasured; start += AT_ONCE) {
    const data = await readRows(array, start, Math.min(labels.length, start + AT_ONCE));
    const values = isFloat(type!) ? toFloat64(data, type!.name) : data;
    const unfit = firstUnfit<number | bigint>(values, classNames);
    if (unfit)
      wrong = likelier(wrong, {
        ...unfit,
        found: at(array, start + unfit.index, String(unfit.wrong), type!.bytes),
      });
    else for (let i = 0; i < values.length; i++) labels[start + i] = Number(values[i]);
  }
  return wrong ?? { labels, ...(classNames && { classNames }) };
}

function at(array: StoredArray, row: number, value: string, bytes: number | undefined): string {
  const { offset, strides: [step = 1] = [] } = array;
  const place = bytes === undefined ? '' : `, at byte ${offset + row * step * bytes},`;
  return `row ${row} of ${title(array)}${place} is ${value}`;
}
