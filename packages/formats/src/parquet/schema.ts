/**
 * The columns of a Parquet file (LogicalTypes.md): a leaf of the schema each. Lists are named as what holds them, members
 * of a struct `image.bytes`.
 */
import type { SchemaElement, SchemaTree } from 'hyparquet';
import { type Dtype, type ElementType, elementType } from '../element-type.ts';
import type { Column } from '../table.ts';

export interface ParquetColumn extends Omit<Column, 'width'> {
  /** The names on its way, joined: of its chunks. */
  readonly path: string;
  /** How numbers lie in pages: int8 as int32. */
  readonly stored: ElementType | undefined;
  /** The level at which there is a value: how many of the elements on its way may be absent. */
  readonly definition: number;
  /** Of each list on its way, the outermost first: the level at which it has an element. */
  readonly lists: readonly number[];
}

/** Lists of lists; deeper ones cannot be read. */
const MAX_LISTS = 2;

export const pathOf = (names: readonly string[]): string => names.join('\0');

export const columnsOf = (root: SchemaTree): ParquetColumn[] =>
  root.children.flatMap((node) => leaves(node, { name: node.element.name, definition: 0, lists: [] }));

type Above = Pick<ParquetColumn, 'name' | 'definition' | 'lists'> & {
  /** Members of a struct in a list, or of a map, have no rows of their own. */
  readonly inStructs?: boolean;
};

function leaves({ element, children, path }: SchemaTree, above: Above): ParquetColumn[] {
  if (typeof element.name !== 'string') throw new Error('a column has no name');
  const repeated = element.repetition_type === 'REPEATED';
  const definition = above.definition + (element.repetition_type === 'REQUIRED' ? 0 : 1);
  const lists = repeated ? [...above.lists, definition] : above.lists;
  const { name } = above;
  if (children.length === 0) {
    const type = above.inStructs ? { ...NO_NUMBERS, typeName: 'lists of structs' } : typeOf(element, lists);
    return [{ name, path: pathOf(path), definition, lists, isList: lists.length > 0, ...type }];
  }
  const [first] = children;
  const isList = children.length === 1 && (repeated || first!.element.repetition_type === 'REPEATED');
  const inStructs = above.inStructs || (!isList && lists.length > 0);
  return children.flatMap((child) =>
    leaves(child, { name: isList ? name : `${name}.${child.element.name}`, definition, lists, inStructs }),
  );
}

type Type = Pick<ParquetColumn, 'kind' | 'dtype' | 'typeName' | 'stored'>;

const NO_NUMBERS = { kind: 'other', dtype: undefined, stored: undefined } as const;

function typeOf(element: SchemaElement, lists: readonly number[]): Type {
  const { type, logical_type: logical, converted_type: converted } = element;
  const typeName = logical?.type ?? converted ?? type ?? 'a struct';
  if (lists.length > MAX_LISTS) return { ...NO_NUMBERS, typeName: `lists of lists of lists of ${typeName}` };
  const numbers = numberType(element);
  if (numbers) return { kind: 'number', typeName: numbers.dtype, ...numbers };
  if (typeName === 'DECIMAL') return { ...NO_NUMBERS, kind: 'number', typeName };
  const isText = type === 'BYTE_ARRAY' && /^(UTF8|STRING|ENUM|JSON|BYTE_ARRAY)$/.test(typeName);
  if (isText && lists.length === 0)
    return { ...NO_NUMBERS, kind: 'text', typeName: typeName === 'BYTE_ARRAY' ? 'bytes' : 'text' };
  return { ...NO_NUMBERS, typeName: lists.length > 0 ? `lists of ${typeName}` : typeName };
}

const PHYSICAL: Readonly<Record<string, Dtype>> = {
  BOOLEAN: 'bool',
  INT32: 'int32',
  INT64: 'int64',
  FLOAT: 'float32',
  DOUBLE: 'float64',
};

/** What is declared, and how it is stored; undefined for dates, decimals and what is no number. */
function numberType(element: SchemaElement): { dtype: Dtype; stored: ElementType } | undefined {
  const { type, type_length, logical_type: logical, converted_type: converted } = element;
  if (type === 'FIXED_LEN_BYTE_ARRAY' && type_length === 2 && logical?.type === 'FLOAT16')
    return { dtype: 'float16', stored: elementType('float16') };
  const physical = Object.hasOwn(PHYSICAL, type ?? '') ? PHYSICAL[type!] : undefined;
  const declared = integerType(element);
  if (!physical || ((logical || converted) && !declared)) return undefined;
  if (!declared || !physical.startsWith('int')) return { dtype: physical, stored: elementType(physical) };
  // What is as wide as it is stored needs no check.
  const stored = elementType(declared).bytes === elementType(physical).bytes ? declared : physical;
  return { dtype: declared, stored: elementType(stored) };
}

function integerType({ logical_type: logical, converted_type: converted }: SchemaElement): Dtype | undefined {
  const name =
    logical?.type === 'INTEGER'
      ? `${logical.isSigned ? '' : 'u'}int${logical.bitWidth}`
      : converted?.toLowerCase().replace('_', '');
  return /^u?int(8|16|32|64)$/.test(name ?? '') ? (name as Dtype) : undefined;
}
