/** A head as its form, which JSON holds, and its weights by name; and back. */
import { checkStrings, DataError, InputError } from '@longtail/core';
import type * as tf from '@tensorflow/tfjs-core';
import { shiftedBy } from './adjust-prior.ts';
import { cosineFrom } from './cosine.ts';
import { DIS_ALIGN, disAlignFrom } from './dis-align.ts';
import { ensemble } from './ensemble.ts';
import { fecamFrom } from './fecam-from.ts';
import { formOf, type Head, type HeadForm } from './head.ts';
import { knnFrom } from './knn.ts';
import { linearFrom } from './linear.ts';
import { lwsFrom } from './lws.ts';
import { ncmFrom } from './ncm.ts';
import { ranpacFrom } from './ranpac-from.ts';
import { tdeFrom } from './tde.ts';

type Tensors = ReadonlyMap<string, tf.Tensor>;

/** What makes each kind of head of its weights, which it takes over. */
const KINDS: Readonly<Record<string, (name: string, weights: Tensors, form: HeadForm) => Head>> = {
  linear: (name, weights) => linearFrom(name, pick(weights, ['weight'], ['bias'])),
  cosine: (name, weights, { scale, features }) =>
    cosineFrom(name, pick(weights, ['weight']), { scale, features } as never),
  lws: (name, weights) => lwsFrom(name, pick(weights, ['weight', 'scale'], ['bias'])),
  'dis-align': (name, weights) => disAlignFrom(name, pick(weights, ['weight', ...DIS_ALIGN], ['bias'])),
  tde: (name, weights, { kind: _, ...form }) => tdeFrom(name, pick(weights, ['weight', 'mean']), form),
  ncm: (name, weights, { features, distance }) =>
    ncmFrom(name, pick(weights, ['centre', 'means'], ['bias']), { kind: features, distance } as never),
  knn: (name, weights, { kind: _, ...form }) =>
    knnFrom(name, pick(weights, ['rows', 'classes', 'votes', 'bias']), form),
  ranpac: (name, weights, { kind: _, ...form }) =>
    ranpacFrom(name, pick(weights, ['projection', 'weight', 'bias']), form),
  fecam: (name, weights, { kind: _, ...form }) =>
    fecamFrom(name, pick(weights, ['means', 'precision', 'bias']), form),
  adjusted: adjustedFrom,
  ensemble: ensembleFrom,
};

function pick(weights: Tensors, names: readonly string[], optional: readonly string[] = []): never {
  const lacking = names.find((name) => !weights.has(name));
  if (lacking) throw new DataError(`expected head.${lacking} in the file, but it is not there.`);
  const wanted = [...names, ...optional].filter((name) => weights.has(name));
  return Object.fromEntries(wanted.map((name) => [name, weights.get(name)!])) as never;
}

interface Member {
  readonly name: string;
  readonly form: HeadForm;
}

const isMember = (value: unknown): value is Member => {
  const { name, form } = Object(value);
  return typeof name === 'string' && isForm(form);
};

function adjustedFrom(name: string, weights: Tensors, { shift, head }: HeadForm): Head {
  if (typeof shift !== 'string' || !isMember(head))
    throw new DataError(
      'expected the form of an adjusted head to name its shift and the head, but it does not.',
    );
  const [moved] = Object.values<tf.Tensor1D>(pick(weights, [shift]));
  const inner = headFrom(head, weights);
  try {
    return shiftedBy(inner, moved!, { name });
  } catch (error) {
    inner.dispose();
    throw error;
  }
}

function ensembleFrom(name: string, weights: Tensors, { mean, shares, heads }: HeadForm): Head {
  if (!Array.isArray(heads) || !heads.every(isMember))
    throw new DataError('expected the form of an ensemble to list its heads, but it does not.');
  const members: Head[] = [];
  try {
    for (const [k, member] of heads.entries()) {
      const own = [...weights].filter(([key]) => key.startsWith(`${k}.`));
      members.push(headFrom(member, new Map(own.map(([key, value]) => [key.slice(`${k}.`.length), value]))));
    }
    return ensemble(members, { mean, shares, name } as never);
  } catch (error) {
    for (const head of members) head.dispose();
    throw error;
  }
}

/** Whether it is of a kind that is known here. */
export const isForm = (value: unknown): value is HeadForm =>
  typeof value === 'object' &&
  value !== null &&
  Object.hasOwn(KINDS, String((value as { kind?: unknown }).kind));

/** @throws InputError for a head of a kind that no file can hold */
export function savedForm(head: Head): HeadForm {
  const form = formOf(head);
  if (isForm(form)) return form;
  throw new InputError(
    `a file holds heads of the kinds ${Object.keys(KINDS).join(', ')}, but ${head.name} is ${Object(form).kind ?? 'of none that it names'}.`,
  );
}

/**
 * @param weights those that the form wants are taken over
 * @throws DataError when one is not there
 * @throws InputError when they do not fit
 */
export function headFrom({ name, form }: Member, weights: Tensors): Head {
  checkStrings({ 'the name of a head': name });
  return KINDS[form.kind]!(name, weights, form);
}
