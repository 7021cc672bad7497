/** The pickle of a state dict, in protocol 2, as torch.save writes it: an OrderedDict of tensors, whose storages lie beside. */
import { InputError } from '@longtail/core';
import { latin1Bytes } from '../bytes.ts';
import type { Dtype } from '../element-type.ts';
import type { NamedArray } from '../named-array.ts';
import { elements } from '../stored-array.ts';
import { STORAGES } from './types.ts';

type Piece = Uint8Array<ArrayBuffer>;
/** Operations, and names up to a newline: of ASCII. */
const op = (text: string): Piece => latin1Bytes(text)!;

const CLASSES = new Map(
  Object.entries(STORAGES)
    .filter(([name]) => name !== 'UntypedStorage')
    .map(([name, { dtype }]) => [dtype, name]),
);
const ORDERED_DICT = op('ccollections\nOrderedDict\n)R');

/** @param arrays whose storages are named by their positions @returns the pickle's bytes */
export function stateDict(
  arrays: readonly (Required<NamedArray> & { name: string })[],
): Uint8Array<ArrayBuffer> {
  const pieces = [op('\x80\x02'), ORDERED_DICT, op('(')];
  for (const [key, { name, dtype, shape, data }] of arrays.entries())
    for (const piece of [unicode(name), ...tensor({ key, dtype, shape, length: data.length })])
      pieces.push(piece);
  pieces.push(op('u.'));
  return joined(pieces);
}

interface Tensor {
  readonly key: number;
  readonly dtype: Dtype;
  readonly shape: readonly number[];
  readonly length: number;
}

/** Calls _rebuild_tensor_v2; v3 where the type has no storage of its own, and stands beside an untyped one. */
function tensor({ key, dtype, shape, length }: Tensor): Piece[] {
  const storage = CLASSES.get(dtype);
  const bytes = Number(/\d+$/.exec(dtype)?.[0]) / 8;
  const strides = shape.map((_, axis) => elements(shape.slice(axis + 1).map((size) => Math.max(1, size))));
  return [
    op(`ctorch._utils\n_rebuild_tensor_v${storage ? 2 : 3}\n((`),
    ...[
      unicode('storage'),
      op(storage ? `ctorch\n${storage}\n` : 'ctorch.storage\nUntypedStorage\n'),
      unicode(String(key)),
      unicode('cpu'),
    ],
    ...[integer(storage ? length : length * bytes), op('tQ'), integer(0)],
    ...[...tuple(shape), ...tuple(strides), op('\x89'), ORDERED_DICT],
    op(storage ? 'tR' : `ctorch\n${dtype}\ntR`),
  ];
}

const tuple = (values: readonly number[]): Piece[] => [op('('), ...values.map(integer), op('t')];

/** BINUNICODE */
function unicode(text: string): Piece {
  if (!text.isWellFormed())
    throw new InputError(`expected names that are Unicode, but got ${JSON.stringify(text.slice(0, 80))}.`, {
      text,
    });
  const bytes = new TextEncoder().encode(text);
  return joined([op('X'), little(bytes.length, 4), bytes]);
}

/** BININT1, else LONG1 of 8 bytes. */
const integer = (value: number): Piece =>
  value < 256 ? joined([op('K'), little(value, 1)]) : joined([op('\x8a\x08'), little(value, 8)]);

function little(value: number, bytes: 1 | 4 | 8): Piece {
  const word = new DataView(new ArrayBuffer(8));
  word.setBigUint64(0, BigInt(value), true);
  return new Uint8Array(word.buffer, 0, bytes);
}

function joined(pieces: readonly Uint8Array[]): Piece {
  const bytes = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}
