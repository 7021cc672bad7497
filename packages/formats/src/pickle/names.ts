/**
 * The names that a pickle of NumPy arrays may refer to, and what applying each means. Pickle would import and call any
 * name; here one that is not on this list ends the reading.
 */
import { numpyType, typedArray } from '../element-type.ts';
import { type Bytes, type Dtype, kindOf, type Ndarray, type Tuple, type Value } from './values.ts';

type Refuse = (found: string) => Error;
type Apply = (args: readonly Value[], refuse: Refuse) => Value;

const isSize = (value: Value): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
const hasKind = <K extends string>(value: Value | undefined, kind: K): value is Extract<Value, { kind: K }> =>
  typeof value === 'object' && value !== null && value.kind === kind;

function shapeOf(value: Value | undefined, refuse: Refuse): readonly number[] {
  if (!hasKind(value, 'tuple') || !value.items.every(isSize))
    throw refuse(`the shape of an array is ${kindOf(value)}`);
  return value.items as readonly number[];
}

const typeOf = ({ code, order }: Dtype) => ({
  type: numpyType(code, order),
  typeName: `NumPy's ${order}${code}`,
});

/** numpy.dtype('f4', False, True) */
const dtype: Apply = ([code], refuse) => {
  if (typeof code !== 'string') throw refuse(`the code of a type is ${kindOf(code)}`);
  return { kind: 'dtype', code: code.slice(0, 20), order: '=' };
};

/** An empty array, which its state fills: (version, shape, dtype, is Fortran, bytes). */
const reconstruct: Apply = () => ({ kind: 'ndarray', content: undefined });

/** numpy's way in protocol 5: (bytes, dtype, shape, order). */
const fromBuffer: Apply = ([bytes, type, shape, order], refuse) => {
  if (!hasKind(bytes, 'bytes') || !hasKind(type, 'dtype'))
    throw refuse(`an array is made of ${kindOf(bytes)} and ${kindOf(type)}`);
  const content = { shape: shapeOf(shape, refuse), ...typeOf(type), bytes, columnMajor: order === 'F' };
  return { kind: 'ndarray', content };
};

/** How protocol 2 spells bytes: _codecs.encode(text, 'latin1'). */
const encode: Apply = ([text, encoding], refuse) => {
  if (typeof text !== 'string' || encoding !== 'latin1') throw refuse(`${kindOf(text)} is encoded`);
  const short = Uint8Array.from(text, (character) => character.charCodeAt(0));
  return { kind: 'bytes', offset: undefined, length: short.length, short } satisfies Bytes;
};

/** One number of NumPy: (dtype, its bytes). */
const scalar: Apply = ([type, bytes]) => {
  if (!hasKind(type, 'dtype') || !hasKind(bytes, 'bytes') || !bytes.short) return null;
  const element = numpyType(type.code, type.order);
  if (!element || element.name === 'float16' || bytes.length !== element.bytes) return null;
  return Number(typedArray(bytes.short.slice() as Uint8Array<ArrayBuffer>, element)[0]);
};

const APPLY: Record<string, Apply> = {
  'numpy dtype': dtype,
  'numpy.core.multiarray _reconstruct': reconstruct,
  'numpy._core.multiarray _reconstruct': reconstruct,
  'numpy.core.numeric _frombuffer': fromBuffer,
  'numpy._core.numeric _frombuffer': fromBuffer,
  'numpy.core.multiarray scalar': scalar,
  'numpy._core.multiarray scalar': scalar,
  'collections OrderedDict': () => ({ kind: 'dict', entries: new Map() }),
  '_codecs encode': encode,
  'numpy ndarray': (_, refuse) => {
    throw refuse('numpy.ndarray is called, not only named');
  },
};

export function global(module: string, name: string, refuse: Refuse): Value {
  const path = `${module} ${name}`;
  if (Object.hasOwn(APPLY, path)) return { kind: 'global', name: path };
  throw refuse(
    `it refers to ${JSON.stringify(`${module}.${name}`.slice(0, 120))}, which is no part of an array`,
  );
}

/** REDUCE: the name, applied to its arguments. */
export function apply(callable: Value, args: Value, refuse: Refuse): Value {
  if (!hasKind(callable, 'global') || !hasKind(args, 'tuple'))
    throw refuse(`${kindOf(callable)} is called with ${kindOf(args)}`);
  return APPLY[callable.name]!(args.items, refuse);
}

/** BUILD: the state of a dtype or an array. */
export function build(object: Value, state: Value, refuse: Refuse): void {
  const items = hasKind(state, 'tuple') ? state.items : [];
  if (hasKind(object, 'dtype') && typeof items[1] === 'string') object.order = items[1].slice(0, 4);
  else if (hasKind(object, 'ndarray') && items.length === 5) fill(object, items, refuse);
  else throw refuse(`${kindOf(object)} is given the state ${kindOf(state)}`);
}

function fill(array: Ndarray, [, shape, type, columnMajor, bytes]: Tuple['items'], refuse: Refuse): void {
  if (!hasKind(type, 'dtype')) throw refuse(`the type of an array is ${kindOf(type)}`);
  if (!hasKind(bytes, 'bytes')) throw refuse(`the elements of an array are ${kindOf(bytes)}`);
  array.content = {
    shape: shapeOf(shape, refuse),
    ...typeOf(type),
    bytes,
    columnMajor: columnMajor === true,
  };
}
