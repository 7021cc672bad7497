/**
 * The operations of pickle's protocols 2 to 5 (pickletools.py of CPython) that build data, by code. Those that import by
 * extension number, or take buffers from outside the file, are not here, and refused.
 */
import { latin1 } from '../bytes.ts';
import type { Cursor } from './cursor.ts';
import { apply, type Dialect, global, type Reading } from './dialect.ts';
import { build } from './numpy-names.ts';
import { type Bytes, float, hasKind, integer, kindOf, type Value } from './values.ts';

export interface Machine {
  readonly cursor: Cursor;
  readonly dialect: Dialect;
  readonly reading: Reading;
  push(value: Value): void;
  pop(): Value;
  top(): Value;
  mark(): void;
  /** Everything above the last mark. */
  popToMark(): Value[];
  store(index: number): void;
  memoSize(): number;
  load(index: number): void;
  text(length: number): string | Promise<string>;
}
/** To be awaited where it gives a promise: where the file has to be read on. */
export type Operation = (machine: Machine) => void | Promise<void>;

/** Bytes of this length and less are kept, for byte orders and scalars. */
const SHORT = 64;

function bytes(size: 1 | 4 | 8): Operation {
  return ({ cursor, push }) => {
    const [length, offset] = [cursor.unsigned(size), cursor.position()];
    const short = length <= SHORT ? cursor.take(length).slice() : undefined;
    if (!short) cursor.skip(length);
    push({ kind: 'bytes', offset, length, short } satisfies Bytes);
  };
}

const text =
  (size: 1 | 4 | 8): Operation =>
  (m) => {
    const found = m.text(m.cursor.unsigned(size));
    return typeof found === 'string' ? m.push(found) : found.then(m.push);
  };
const unsigned =
  (size: 1 | 2): Operation =>
  (m) =>
    m.push(m.cursor.unsigned(size));
const constant =
  (value: Value): Operation =>
  (m) =>
    m.push(value);
const tupleOf = (items: readonly Value[]): Value => ({ kind: 'tuple', items });
const listOf = (items: Value[]): Value => ({ kind: 'list', items });

/** A tuple of the last n. */
const tuple =
  (n: number): Operation =>
  (m) => {
    const items = Array.from({ length: n }, () => m.pop());
    m.push(tupleOf(items.reverse()));
  };

/** Strings of Python 2: text where they are short, else the bytes of an array. */
const oldString: Operation = (m) => {
  const start = m.cursor.position();
  const length = m.cursor.view(4).getInt32(0, true);
  if (length < 0) throw m.cursor.refuse(`a string has ${length} bytes`);
  if (length <= SHORT) return m.push(latin1(m.cursor.take(length)));
  m.cursor.skip(length);
  m.push({ kind: 'bytes', offset: start + 4, length, short: undefined });
};

/** LONG1: an integer of up to 255 bytes. */
const long: Operation = (m) => {
  const digits = Array.from(m.cursor.take(m.cursor.unsigned(1)).toReversed(), (byte) =>
    byte.toString(16).padStart(2, '0'),
  );
  m.push(integer(BigInt.asIntN(8 * digits.length, BigInt(`0x0${digits.join('')}`))));
};

function setItems(m: Machine, object: Value, items: readonly Value[]): void {
  if (items.length % 2 === 1) throw m.cursor.refuse('a key has no value');
  const entries = hasKind(object, 'opaque')
    ? object.filled?.entries
    : hasKind(object, 'dict') && object.entries;
  if (!entries) throw m.cursor.refuse(`items are put into ${kindOf(object)}`);
  for (let i = 0; i < items.length; i += 2) entries.set(items[i]!, items[i + 1]!);
}

function addItems(m: Machine, object: Value, added: readonly Value[]): void {
  const items = hasKind(object, 'opaque') ? object.filled?.items : hasKind(object, 'list') && object.items;
  if (!items) throw m.cursor.refuse(`items are put into ${kindOf(object)}`);
  for (const item of added) items.push(item);
}

const appended: Operation = (m) => {
  const items = m.popToMark();
  addItems(m, m.top(), items);
};

/** REDUCE, NEWOBJ: a name and its arguments; nothing is called. */
const applied: Operation = (m) => {
  const [args, callable] = [m.pop(), m.pop()];
  m.push(apply(m.dialect, callable, args, m.reading));
};

export const OPERATIONS: Record<number, Operation> = {
  40: (m) => m.mark(), // MARK
  48: (m) => void m.pop(), // POP
  49: (m) => void m.popToMark(), // POP_MARK
  50: (m) => m.push(m.top()), // DUP
  71: (m) => m.push(float(m.cursor.view(8).getFloat64(0))), // BINFLOAT
  74: (m) => m.push(m.cursor.view(4).getInt32(0, true)), // BININT
  75: unsigned(1), // BININT1
  77: unsigned(2), // BININT2
  138: long, // LONG1
  78: constant(null), // NONE
  136: constant(true), // NEWTRUE
  137: constant(false), // NEWFALSE
  84: oldString, // BINSTRING
  85: (m) => m.push(latin1(m.cursor.take(m.cursor.unsigned(1)))), // SHORT_BINSTRING
  67: bytes(1), // SHORT_BINBYTES
  66: bytes(4), // BINBYTES
  142: bytes(8), // BINBYTES8
  150: bytes(8), // BYTEARRAY8
  140: text(1), // SHORT_BINUNICODE
  88: text(4), // BINUNICODE
  141: text(8), // BINUNICODE8
  93: (m) => m.push(listOf([])), // EMPTY_LIST
  108: (m) => m.push(listOf(m.popToMark())), // LIST
  97: (m) => {
    const item = m.pop();
    addItems(m, m.top(), [item]);
  }, // APPEND
  101: appended, // APPENDS
  143: (m) => m.push(listOf([])), // EMPTY_SET
  144: appended, // ADDITEMS
  145: (m) => m.push(listOf(m.popToMark())), // FROZENSET
  41: tuple(0), // EMPTY_TUPLE
  116: (m) => m.push(tupleOf(m.popToMark())), // TUPLE
  133: tuple(1), // TUPLE1
  134: tuple(2), // TUPLE2
  135: tuple(3), // TUPLE3
  125: (m) => m.push({ kind: 'dict', entries: new Map() }), // EMPTY_DICT
  100: (m) => {
    const items = m.popToMark();
    m.push({ kind: 'dict', entries: new Map() });
    setItems(m, m.top(), items);
  }, // DICT
  115: (m) => {
    const [value, key] = [m.pop(), m.pop()];
    setItems(m, m.top(), [key, value]);
  }, // SETITEM
  117: (m) => {
    const items = m.popToMark();
    setItems(m, m.top(), items);
  }, // SETITEMS
  113: (m) => m.store(m.cursor.unsigned(1)), // BINPUT
  114: (m) => m.store(m.cursor.unsigned(4)), // LONG_BINPUT
  148: (m) => m.store(m.memoSize()), // MEMOIZE
  104: (m) => m.load(m.cursor.unsigned(1)), // BINGET
  106: (m) => m.load(m.cursor.unsigned(4)), // LONG_BINGET
  149: (m) => void m.cursor.take(8), // FRAME: how far to read ahead
  99: (m) => m.push(global(m.dialect, [m.cursor.line(), m.cursor.line()], m.reading)), // GLOBAL
  147: (m) => {
    const [name, module] = [m.pop(), m.pop()];
    if (typeof name !== 'string' || typeof module !== 'string') throw m.cursor.refuse('a name is no text');
    m.push(global(m.dialect, [module, name], m.reading));
  }, // STACK_GLOBAL
  81: (m) => {
    const id = m.pop();
    if (!m.dialect.persistent) throw m.cursor.refuse('something outside the file is referred to');
    m.push(m.dialect.persistent(id, m.reading));
  }, // BINPERSID
  82: applied, // REDUCE
  129: applied, // NEWOBJ
  146: (m) => {
    const keywords = m.pop();
    applied(m);
    build(m.top(), keywords, m.reading);
  }, // NEWOBJ_EX
  98: (m) => {
    const state = m.pop();
    build(m.top(), state, m.reading);
  }, // BUILD
};
