/** What a value holds, by key or position. */
import { type Dict, hasKind, kindOf, type Opaque, type Value } from '../pickle/values.ts';

type Child = [part: string, value: Value];

/** Undefined for what holds nothing that could be listed. */
export function childrenOf(value: Value): Iterable<Child> | undefined {
  if (hasKind(value, 'dict')) return entriesOf(value.entries);
  if (hasKind(value, 'list') || hasKind(value, 'tuple')) return itemsOf(value.items);
  if (!hasKind(value, 'opaque')) return undefined;
  const children = modulesOf(value) ?? attributesOf(value);
  const [first] = children;
  return first && children;
}

const itemsOf = (items: readonly Value[]): Iterable<Child> => ({
  *[Symbol.iterator]() {
    for (const [i, item] of items.entries()) yield [String(i), item];
  },
});
const entriesOf = (entries: ReadonlyMap<Value, Value>): Iterable<Child> => ({
  *[Symbol.iterator]() {
    for (const [key, value] of entries) yield [partOf(key), value];
  },
});
/** One after another, as they are asked for: a damaged file may hold any number. */
const chained = (parts: readonly Iterable<Child>[]): Iterable<Child> => ({
  *[Symbol.iterator]() {
    for (const part of parts) yield* part;
  },
});

function partOf(key: Value): string {
  if (hasKind(key, 'tuple'))
    return `(${key.items.map((item) => (hasKind(item, 'tuple') ? '...' : partOf(item))).join(', ')})`;
  if (hasKind(key, 'float')) return String(key.value);
  return typeof key === 'object' && key !== null ? kindOf(key) : String(key);
}

/** Its attributes; __slots__ come as (None, dict). */
const statesOf = ({ filled }: Opaque): Dict[] =>
  (filled?.states ?? []).flatMap((state) =>
    (hasKind(state, 'tuple') ? state.items : [state]).filter((part) => hasKind(part, 'dict')),
  );

/** A whole model (torch.nn.Module): named as its state dict would name them. */
function modulesOf(value: Opaque): Iterable<Child> | undefined {
  const state = statesOf(value).find(({ entries }) => entries.has('_parameters') && entries.has('_modules'));
  if (!state) return undefined;
  return chained(
    ['_parameters', '_buffers', '_modules'].map((part) => {
      const held = state.entries.get(part);
      return hasKind(held, 'dict') ? entriesOf(held.entries) : [];
    }),
  );
}

const isClass = (value: Value): boolean =>
  hasKind(value, 'global') || (hasKind(value, 'opaque') && !value.filled);

/** Arguments, but for the classes among them, items, entries and attributes. */
function attributesOf(value: Opaque): Iterable<Child> {
  const { args, filled } = value;
  return chained([
    itemsOf(args.filter((arg) => !isClass(arg))),
    itemsOf(filled?.items ?? []),
    entriesOf(filled?.entries ?? new Map()),
    ...statesOf(value).map(({ entries }) => entriesOf(entries)),
  ]);
}
