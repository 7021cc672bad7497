/** The names that a pickle of NumPy arrays refers to, and what applying each means. */
import { latin1Bytes } from '../bytes.ts';
import { isFloat, numpyType, toFloat64, typedArray } from '../element-type.ts';
import { numpyText } from '../npy/text.ts';
import { numpyTypeName } from '../npy/type-name.ts';
import { isSize } from '../stored-array.ts';
import { type Apply, instance, type Reading } from './dialect.ts';
import {
  type Bytes,
  type Dtype,
  float,
  hasKind,
  integer,
  kindOf,
  type Ndarray,
  type Tuple,
  type Value,
} from './values.ts';

export function sizesOf(value: Value | undefined, what: string, { refuse }: Reading): readonly number[] {
  if (!hasKind(value, 'tuple') || !value.items.every(isSize)) throw refuse(`${what} is ${kindOf(value)}`);
  return value.items as readonly number[];
}

const typeOf = ({ code, order }: Dtype) => ({
  type: numpyType(code, order),
  text: numpyText(code, order),
  typeName: numpyTypeName(code, order),
});

/** numpy.dtype('f4', False, True) */
const dtype: Apply = ([code], { refuse }) => {
  if (typeof code !== 'string') throw refuse(`the code of a type is ${kindOf(code)}`);
  return { kind: 'dtype', code: code.slice(0, 20), order: '=' };
};

/** An empty array, which its state fills: (version, shape, dtype, is Fortran, bytes). */
const reconstruct: Apply = () => ({ kind: 'ndarray', content: undefined });

/** numpy's way in protocol 5: (bytes, dtype, shape, order). */
const fromBuffer: Apply = ([bytes, type, shape, order], reading) => {
  if (!hasKind(bytes, 'bytes') || !hasKind(type, 'dtype'))
    throw reading.refuse(`an array is made of ${kindOf(bytes)} and ${kindOf(type)}`);
  const sizes = sizesOf(shape, 'the shape of an array', reading);
  return { kind: 'ndarray', content: { shape: sizes, ...typeOf(type), bytes, columnMajor: order === 'F' } };
};

/** How protocol 2 spells bytes: _codecs.encode(text, 'latin1'). */
const encode: Apply = ([text, encoding], reading) => {
  if (typeof text !== 'string' || encoding !== 'latin1') throw reading.refuse(`${kindOf(text)} is encoded`);
  return spelled(text, reading);
};

/** Bytes that are spelled as text: by protocol 2, and by Python 2, whose strings they are. */
function spelled(text: string, { refuse, spend }: Reading): Bytes {
  spend(text.length);
  const short = latin1Bytes(text);
  if (!short) throw refuse('text beyond Latin-1 spells bytes');
  return { kind: 'bytes', offset: undefined, length: short.length, short };
}

/** One number of NumPy, or text, or a date: (dtype, its bytes). */
const scalar: Apply = ([type, given], reading) => {
  const bytes = typeof given === 'string' ? spelled(given, reading) : given;
  if (!hasKind(type, 'dtype') || !hasKind(bytes, 'bytes'))
    throw reading.refuse(`a number is made of ${kindOf(type)} and ${kindOf(bytes)}`);
  const element = numpyType(type.code, type.order);
  if (!bytes.short || bytes.length !== element?.bytes) return instance(typeOf(type).typeName);
  const data = typedArray(bytes.short.slice(), element);
  if (isFloat(element)) return float(toFloat64(data, element.name)[0]!);
  return element.name === 'bool' ? data[0] === 1 : integer(BigInt(data[0]!));
};

/** The items that a dict is made of: Python 2 writes OrderedDict([[key, value], ...]). */
const orderedDict: Apply = ([pairs], { refuse, spend }) => {
  const entries = new Map<Value, Value>();
  if (hasKind(pairs, 'list')) spend(pairs.items.length);
  for (const pair of hasKind(pairs, 'list') ? pairs.items : []) {
    if (!(hasKind(pair, 'list') || hasKind(pair, 'tuple')) || pair.items.length !== 2)
      throw refuse(`an item of a dict is ${kindOf(pair)}`);
    entries.set(pair.items[0]!, pair.items[1]!);
  }
  return { kind: 'dict', entries };
};

export const NUMPY_NAMES: Readonly<Record<string, Apply | undefined>> = {
  'numpy dtype': dtype,
  'numpy.core.multiarray _reconstruct': reconstruct,
  'numpy._core.multiarray _reconstruct': reconstruct,
  'numpy.core.numeric _frombuffer': fromBuffer,
  'numpy._core.numeric _frombuffer': fromBuffer,
  'numpy.core.multiarray scalar': scalar,
  'numpy._core.multiarray scalar': scalar,
  'collections OrderedDict': orderedDict,
  '_codecs encode': encode,
  'numpy ndarray': undefined,
};

/** BUILD: the state of a dtype, an array or something opaque. Attributes of dicts and tensors hold no elements. */
export function build(object: Value, state: Value, reading: Reading): void {
  const items = hasKind(state, 'tuple') ? state.items : [];
  if (hasKind(object, 'dtype') && typeof items[1] === 'string') object.order = items[1].slice(0, 4);
  else if (hasKind(object, 'ndarray') && items.length === 5) fill(object, items, reading);
  else if (hasKind(object, 'opaque') && object.filled) object.filled.states.push(state);
  else if (!hasKind(object, 'dict') && !hasKind(object, 'tensor'))
    throw reading.refuse(`${kindOf(object)} is given the state ${kindOf(state)}`);
}

function fill(array: Ndarray, [, shape, type, columnMajor, given]: Tuple['items'], reading: Reading): void {
  if (!hasKind(type, 'dtype')) throw reading.refuse(`the type of an array is ${kindOf(type)}`);
  const bytes = typeof given === 'string' ? spelled(given, reading) : given;
  if (!hasKind(bytes, 'bytes')) return; // of objects: a list of them
  array.content = {
    shape: sizesOf(shape, 'the shape of an array', reading),
    ...typeOf(type),
    bytes,
    columnMajor: columnMajor === true,
  };
}
