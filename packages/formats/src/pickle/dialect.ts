/**
 * What a kind of pickle may refer to. Pickle would import and call any name; here a name is looked up in a list of what
 * applying it means, as data.
 */
import { hasKind, kindOf, type Opaque, type Value } from './values.ts';

export interface Reading {
  /** The error for what is wrong at the operation that began last. */
  refuse(found: string): Error;
  /** Counts bytes and items that are copied. @throws DataError when there are more than memory is meant for */
  spend(amount: number): void;
}
export type Apply = (args: readonly Value[], reading: Reading) => Value;

export interface Dialect {
  /** For messages: what it is, and how to write it. */
  readonly what: string;
  readonly advice: string;
  /** What `module name` means when it is applied; undefined for what is only named. */
  readonly names: Readonly<Record<string, Apply | undefined>>;
  /** A name that is not among them. @throws DataError where those are refused */
  unknown(module: string, name: string, reading: Reading): Value;
  /** What a persistent id stands for; absent: there are none. */
  persistent?(id: Value, reading: Reading): Value;
  readonly maxOperations: number;
  /** In bytes. */
  readonly maxText: number;
  /** All text, and what is copied from it. */
  readonly maxTexts: number;
}

export function global(dialect: Dialect, [module, name]: [string, string], reading: Reading): Value {
  const path = `${module} ${name}`;
  if (Object.hasOwn(dialect.names, path)) return { kind: 'global', name: path };
  return dialect.unknown(module, name, reading);
}

/** REDUCE and NEWOBJ: the name, applied to its arguments. */
export function apply(
  { names }: Pick<Dialect, 'names'>,
  callable: Value | undefined,
  args: Value | undefined,
  reading: Reading,
): Value {
  if (!hasKind(args, 'tuple')) throw reading.refuse(`${kindOf(callable)} is called with ${kindOf(args)}`);
  if (hasKind(callable, 'opaque')) return instance(callable.name, args.items);
  if (!hasKind(callable, 'global')) throw reading.refuse(`${kindOf(callable)} is called with a tuple`);
  const applied = Object.hasOwn(names, callable.name) ? names[callable.name] : undefined;
  if (applied) return applied(args.items, reading);
  throw reading.refuse(`${callable.name.replace(' ', '.')} is called, not only named`);
}

export const instance = (name: string, args: readonly Value[] = []): Opaque => ({
  kind: 'opaque',
  name,
  args,
  filled: { items: [], entries: new Map(), states: [] },
});
