/**
 * The operations of pickle's protocols 2 to 5 (pickletools.py of CPython) that build data, by code. Those that import by
 * extension number, refer to other files, or make instances are not here, and refused.
 */
import { latin1, viewOf } from '../bytes.ts';
import type { Cursor } from './cursor.ts';
import { apply, build, global } from './names.ts';
import { type Bytes, type Dict, kindOf, type Value } from './values.ts';

export interface Machine {
  readonly cursor: Cursor;
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

/** Protocol 2's strings of Python 2 are text where short, and may be an array's elements. */
const oldString =
  (size: 1 | 4): Operation =>
  (m) => {
    const start = m.cursor.position();
    const length = size === 1 ? m.cursor.unsigned(1) : m.cursor.view(4).getInt32(0, true);
    if (length < 0) throw m.cursor.refuse(`a string has ${length} bytes`);
    if (length <= SHORT) return m.push(latin1(m.cursor.take(length)));
    m.cursor.skip(length);
    m.push({ kind: 'bytes', offset: start + size, length, short: undefined });
  };

/** LONG1: an integer of any length; more than 8 bytes are no size. */
const long: Operation = (m) => {
  const length = m.cursor.unsigned(1);
  if (length > 8) throw m.cursor.refuse(`an integer has ${length} bytes`);
  const word = new Uint8Array(8);
  word.set(m.cursor.take(length));
  m.push(Number(BigInt.asIntN(8 * length, viewOf(word).getBigInt64(0, true))));
};

function into<K extends 'list' | 'dict'>(m: Machine, kind: K): Extract<Value, { kind: K }> {
  const value = m.top();
  if (typeof value !== 'object' || value === null || value.kind !== kind)
    throw m.cursor.refuse(`items are put into ${kindOf(value)}`);
  return value as Extract<Value, { kind: K }>;
}

function setItems(m: Machine, dict: () => Dict, items: readonly Value[]): void {
  if (items.length % 2 === 1) throw m.cursor.refuse('a key has no value');
  const { entries } = dict();
  for (let i = 0; i < items.length; i += 2) entries.set(items[i]!, items[i + 1]!);
}

function appendItems(m: Machine, items: readonly Value[]): void {
  const list = into(m, 'list');
  for (const item of items) list.items.push(item);
}

export const OPERATIONS: Record<number, Operation> = {
  40: (m) => m.mark(), // MARK
  48: (m) => void m.pop(), // POP
  49: (m) => void m.popToMark(), // POP_MARK
  50: (m) => m.push(m.top()), // DUP
  71: (m) => m.push(m.cursor.view(8).getFloat64(0)), // BINFLOAT
  74: (m) => m.push(m.cursor.view(4).getInt32(0, true)), // BININT
  75: unsigned(1), // BININT1
  77: unsigned(2), // BININT2
  138: long, // LONG1
  78: constant(null), // NONE
  136: constant(true), // NEWTRUE
  137: constant(false), // NEWFALSE
  84: oldString(4), // BINSTRING
  85: oldString(1), // SHORT_BINSTRING
  67: bytes(1), // SHORT_BINBYTES
  66: bytes(4), // BINBYTES
  142: bytes(8), // BINBYTES8
  150: bytes(8), // BYTEARRAY8
  140: text(1), // SHORT_BINUNICODE
  88: text(4), // BINUNICODE
  141: text(8), // BINUNICODE8
  93: (m) => m.push(listOf([])), // EMPTY_LIST
  108: (m) => m.push(listOf(m.popToMark())), // LIST
  97: (m) => appendItems(m, [m.pop()]), // APPEND
  101: (m) => appendItems(m, m.popToMark()), // APPENDS
  41: tuple(0), // EMPTY_TUPLE
  116: (m) => m.push(tupleOf(m.popToMark())), // TUPLE
  133: tuple(1), // TUPLE1
  134: tuple(2), // TUPLE2
  135: tuple(3), // TUPLE3
  125: (m) => m.push({ kind: 'dict', entries: new Map() }), // EMPTY_DICT
  100: (m) => {
    const [dict, items] = [{ kind: 'dict' as const, entries: new Map() }, m.popToMark()];
    setItems(m, () => dict, items);
    m.push(dict);
  }, // DICT
  115: (m) => {
    const [value, key] = [m.pop(), m.pop()];
    setItems(m, () => into(m, 'dict'), [key, value]);
  }, // SETITEM
  117: (m) => {
    const items = m.popToMark();
    setItems(m, () => into(m, 'dict'), items);
  }, // SETITEMS
  113: (m) => m.store(m.cursor.unsigned(1)), // BINPUT
  114: (m) => m.store(m.cursor.unsigned(4)), // LONG_BINPUT
  148: (m) => m.store(m.memoSize()), // MEMOIZE
  104: (m) => m.load(m.cursor.unsigned(1)), // BINGET
  106: (m) => m.load(m.cursor.unsigned(4)), // LONG_BINGET
  149: (m) => void m.cursor.take(8), // FRAME: how far to read ahead
  99: (m) => m.push(global(m.cursor.line(), m.cursor.line(), m.cursor.refuse)), // GLOBAL
  147: (m) => {
    const [name, module] = [m.pop(), m.pop()];
    if (typeof name !== 'string' || typeof module !== 'string') throw m.cursor.refuse('a name is no text');
    m.push(global(module, name, m.cursor.refuse));
  }, // STACK_GLOBAL
  82: (m) => {
    const [args, callable] = [m.pop(), m.pop()];
    m.push(apply(callable, args, m.cursor.refuse));
  }, // REDUCE
  98: (m) => {
    const state = m.pop();
    build(m.top(), state, m.cursor.refuse);
  }, // BUILD
};
