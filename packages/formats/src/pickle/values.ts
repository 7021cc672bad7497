/** What the pickles of arrays are made of, as data: nothing of it is a function or is ever called. */
import type { ElementType } from '../element-type.ts';

/** Bytes that stay in the file; the shortest are here as well. */
export interface Bytes {
  readonly kind: 'bytes';
  /** Undefined when the pickle spells them as text. */
  readonly offset: number | undefined;
  readonly length: number;
  readonly short: Uint8Array | undefined;
}
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
/** A name on the list of names.ts. */
export interface Global {
  readonly kind: 'global';
  readonly name: string;
}
export interface Dtype {
  readonly kind: 'dtype';
  readonly code: string;
  order: string;
}
export interface Ndarray {
  readonly kind: 'ndarray';
  content:
    | {
        shape: readonly number[];
        type: ElementType | undefined;
        typeName: string;
        bytes: Bytes;
        columnMajor: boolean;
      }
    | undefined;
}
export type Value = null | boolean | number | string | Bytes | List | Tuple | Dict | Global | Dtype | Ndarray;

/** What a value is, for messages. */
export function kindOf(value: Value | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'None';
  return typeof value === 'object' ? `a ${value.kind}` : `a ${typeof value}`;
}
