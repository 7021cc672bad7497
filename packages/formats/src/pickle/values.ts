/** What pickles are made of, as data: nothing of it is a function or is ever called. */

import type { Dtype as ElementName, ElementType } from '../element-type.ts';
import type { TextType } from '../npy/text.ts';

/** Bytes that stay in the file; the shortest, and those that protocol 2 spells as text, are here. */
export interface Bytes {
  readonly kind: 'bytes';
  /** Undefined when the pickle spells them as text. */
  readonly offset: number | undefined;
  readonly length: number;
  readonly short: Uint8Array<ArrayBuffer> | undefined;
}
/** A set, too. */
export interface List {
  readonly kind: 'list';
  readonly items: Value[];
}
export interface Tuple {
  readonly kind: 'tuple';
  readonly items: readonly Value[];
}
export interface Dict {
  readonly kind: 'dict';
  readonly entries: Map<Value, Value>;
}
/** A name on the reader's list: `numpy ndarray`. */
export interface Global {
  readonly kind: 'global';
  readonly name: string;
}
/** Something of a class or function that the reader does not know: what the pickle would have given it. */
export interface Opaque {
  readonly kind: 'opaque';
  /** The class or function: `argparse.Namespace`. */
  readonly name: string;
  readonly args: readonly Value[];
  /** Undefined where it is only named. */
  readonly filled?: {
    readonly items: Value[];
    readonly entries: Map<Value, Value>;
    /** Its attributes: dicts, or whatever its class makes of them. */
    readonly states: Value[];
  };
}
export interface Dtype {
  readonly kind: 'dtype';
  readonly code: string;
  order: string;
}
export interface Ndarray {
  readonly kind: 'ndarray';
  /** Undefined for arrays of objects. */
  content:
    | {
        shape: readonly number[];
        type: ElementType | undefined;
        text: TextType | undefined;
        typeName: string;
        bytes: Bytes;
        columnMajor: boolean;
      }
    | undefined;
}

/** A float that is whole; any other is a number that is not an integer. */
export interface Real {
  readonly kind: 'float';
  readonly value: number;
}

/** The type of PyTorch's elements. */
export interface TorchType {
  readonly name: string;
  /** Undefined for what is no plain number: complex, quantised, of 8 bits of float. */
  readonly dtype: ElementName | undefined;
  /** Of one element. */
  readonly bytes: number;
}
/** Elements in a row, elsewhere in the file, which tensors are views of. */
export interface Storage {
  readonly kind: 'storage';
  readonly key: string;
  readonly type: TorchType;
  /** In elements. */
  readonly length: number;
  /** Of a view of another storage, in elements. */
  readonly offset: number;
}
export interface Tensor {
  readonly kind: 'tensor';
  readonly storage: Storage;
  readonly type: TorchType;
  /** Of the first element in its storage, in elements. */
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];
}

export type Value =
  | null
  | boolean
  /** A whole one is an integer. */
  | number
  /** An integer of more than 53 bits. */
  | bigint
  | Real
  | string
  | Bytes
  | List
  | Tuple
  | Dict
  | Global
  | Opaque
  | Dtype
  | Ndarray
  | Storage
  | Tensor;

export const hasKind = <K extends string>(
  value: Value | undefined,
  kind: K,
): value is Extract<Value, { kind: K }> => typeof value === 'object' && value !== null && value.kind === kind;

/** What a value is, for messages. */
export function kindOf(value: Value | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'None';
  if (typeof value !== 'object') return typeof value === 'bigint' ? 'a number' : `a ${typeof value}`;
  return value.kind === 'opaque' ? value.name : `a ${value.kind}`;
}

export const float = (value: number): number | Real =>
  Number.isInteger(value) ? { kind: 'float', value } : value;
/** As a number where it is exact. */
export const integer = (value: bigint): number | bigint =>
  Number.isSafeInteger(Number(value)) ? Number(value) : value;
