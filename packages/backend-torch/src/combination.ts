/**
 * A tensor of channels that is not computed yet:  sum_i scale_i (x_i - mean_i) + shift,  or the square of that. The x_i
 * have its shape, [..., C], the others a value a channel. The sum of two such tensors, and their products with a value a
 * channel, are such tensors again, so a chain of operations as in batch normalisation reads and writes memory once.
 */
import { call, callMany, callOfList } from './dispatch.ts';
import { around, type Handle, reference } from './handle.ts';
import { add, full, mul, reshape, scoped, type Use } from './shims.ts';

export type Moments = readonly [mean: Handle, variance: Handle];

export interface Term {
  readonly x: Handle;
  /** Of the memory of x, which nobody writes to while somebody else holds it. */
  readonly storage: { holders: number };
  readonly scale?: Handle | undefined;
  /** Where the term is centred: mean and variance of x by channels. */
  readonly moments?: Moments | undefined;
}

export interface Combination {
  readonly shape: readonly number[];
  readonly terms: readonly Term[];
  readonly shift?: Handle | undefined;
  readonly isSquared?: boolean;
}

const product = (a: Handle, b: Handle | undefined): Handle => (b ? mul(a, b) : reference(a));
const sum = (a: Handle | undefined, b: Handle | undefined): Handle | undefined =>
  a && b ? add(a, b) : (a ?? b) && reference((a ?? b)!);

/** A term of its own. */
const copied = (term: Term, own: Use, by?: Handle): Term => ({
  ...term,
  x: own(reference(term.x)),
  scale: by ? own(product(by, term.scale)) : term.scale && own(reference(term.scale)),
  moments: term.moments && [own(reference(term.moments[0])), own(reference(term.moments[1]))],
});

type Parts = Pick<Combination, 'terms' | 'shift'>;

/** The sum of all terms and shifts, times a value a channel: a combination of its own. */
export const combined = (
  parts: readonly Parts[],
  { shape, by, isSquared = false }: { shape: readonly number[]; by?: Handle; isSquared?: boolean },
): Combination =>
  scoped((use, own) => {
    const terms = parts.flatMap((part) => part.terms.map((term) => copied(term, own, by)));
    const shift = parts.reduce<Handle | undefined>((so, part) => {
      const next = sum(so, part.shift);
      return next && use(next);
    }, undefined);
    return { shape, terms, shift: shift && own(product(shift, by)), isSquared };
  });

export function hold({ terms }: Combination): void {
  for (const { storage } of terms) storage.holders++;
}

export function release({ terms, shift }: Combination): void {
  shift?.free();
  for (const { x, storage, scale, moments } of terms) {
    storage.holders--;
    for (const handle of [x, scale, ...(moments ?? [])]) handle?.free();
  }
}

const ONE = new Float32Array(new ArrayBuffer(4)).fill(1); // a small array without it may be moved
/** The factor of aten::addcmul, which is a number: its form for lists takes it from a tensor of the host. */
const once = (): Handle => around(ONE, [1], 'float32');

/** a x + b; within the rounding of x and b, as libtorch's own batch normalisation. */
function affine(x: Handle, a: Handle | undefined, b: Handle | undefined, use: Use): Handle {
  if (!a) return b ? add(x, b) : call('aten::clone', x, null);
  return b ? callOfList('aten::_foreach_addcmul.Tensor', [b], [x], [a], use(once())) : mul(x, a);
}

/** Its values, in memory of their own. */
export function computed({ shape, terms, shift, isSquared }: Combination): Handle {
  return scoped((use) => {
    const rows = (x: Handle) => use(reshape(x, [-1, shape.at(-1)!]));
    const offset = terms.reduce((so, { scale, moments }) => {
      if (!moments) return so;
      const centre = use(product(moments[0], scale));
      return use(so ? add(so, centre, -1) : call('aten::neg', centre));
    }, shift);
    const [first, ...more] = terms;
    const values = use(affine(rows(first!.x), first!.scale, offset, use));
    for (const { x, scale = use(full([1], 1, 'float32')) } of more)
      callMany('aten::_foreach_addcmul_.Tensor', [[values], [rows(x)], [scale], use(once())], 0);
    if (isSquared) use(call('aten::square_', values));
    return reshape(values, shape);
  });
}
