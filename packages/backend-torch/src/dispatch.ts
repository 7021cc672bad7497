/**
 * Any operator of PyTorch by its name in native_functions.yaml, through `torch_call_dispatcher`: inputs and outputs
 * in one array of 64-bit slots. What a slot holds is told by the argument's JavaScript type.
 */
import { EngineError } from '@longtail/core';
import koffi from 'koffi';
import { check, Handle, whole } from './handle.ts';
import { native } from './native.ts';

const kind: unique symbol = Symbol('kind');
interface Tagged {
  readonly [kind]: 'float' | 'optional';
  readonly value: unknown;
}

/** number: int64. boolean: bool. string: str. Handle: Tensor. null: an absent optional. Array: a list. */
export type Argument = number | boolean | string | null | Handle | Tagged | readonly Argument[];

/** A number whose type in the operator's schema is `float`. */
export const float = (value: number): Tagged => ({ [kind]: 'float', value });
/** A value whose type in the schema ends in `?`. */
export const optional = (value: Argument): Tagged => ({ [kind]: 'optional', value });

const out = new BigUint64Array(1);
/** Arguments and results of the call under way, in one place for good. */
const stack = new BigUint64Array(32);
const doubleBits = new BigUint64Array(1);
const double = new Float64Array(doubleBits.buffer);

function slot(argument: Argument): bigint {
  const { c } = native();
  if (argument === null) return 0n;
  if (typeof argument === 'number') return BigInt.asUintN(64, BigInt(argument));
  if (typeof argument === 'boolean') return argument ? 1n : 0n;
  if (argument instanceof Handle) {
    check(c.newReference(argument.address, out), 'reference'); // the call consumes what it is given
    return out[0]!;
  }
  if (typeof argument === 'string') {
    check(c.newString(argument, Buffer.byteLength(argument), out), 'string');
    return out[0]!;
  }
  if (Array.isArray(argument)) {
    check(c.newList(argument.length, out), 'list');
    const list = out[0]!;
    for (const item of argument) c.pushToList(list, slot(item));
    return list;
  }
  const tagged = argument as Tagged;
  if (tagged[kind] === 'float') {
    double[0] = tagged.value as number;
    return doubleBits[0]!;
  }
  const value = slot(tagged.value as Argument);
  check(c.newOptional(out), 'optional');
  const pointer = out[0]!;
  koffi.encode(pointer, 'uint64_t', value);
  return pointer;
}

/** @throws EngineError for a freed tensor or a number that is not whole, before anything is handed over */
function verify(argument: Argument): void {
  if (typeof argument === 'number') whole(argument);
  else if (argument === undefined) throw new EngineError('an operator of libtorch lacks an argument.');
  else if (argument instanceof Handle) argument.address;
  else if (Array.isArray(argument)) for (const item of argument) verify(item);
  else if (argument !== null && typeof argument === 'object' && (argument as Tagged)[kind] === 'optional')
    verify((argument as Tagged).value as Argument);
}

function handlesIn(argument: Argument): Handle[] {
  if (argument instanceof Handle) return [argument];
  if (Array.isArray(argument)) return argument.flatMap(handlesIn);
  if (argument === null || typeof argument !== 'object') return [];
  return (argument as Tagged)[kind] === 'optional' ? handlesIn((argument as Tagged).value as Argument) : [];
}

/** `aten::name.overload` as the two names that the dispatcher asks for. */
const names = new Map<string, readonly [name: string, overload: string]>();
function namesOf(operator: string): readonly [string, string] {
  let found = names.get(operator);
  if (!found) {
    const [name, overload = ''] = operator.split('.');
    found = [name!, overload];
    names.set(operator, found);
  }
  return found;
}

/** Calls an operator; its results are on the stack then. */
function run(operator: string, args: readonly Argument[]): void {
  for (let i = 0; i < args.length; i++) verify(args[i]!);
  for (let i = 0; i < args.length; i++) stack[i] = slot(args[i]!);
  const [name, overload] = namesOf(operator);
  const { c, abi } = native();
  const code = c.dispatch(name, overload, stack, abi);
  if (code !== 0) check(code, operator, handlesIn(args as Argument));
}

/**
 * Calls an operator with several results.
 *
 * @param operator `aten::name` or `aten::name.overload`
 * @throws EngineError with the operator's name, its inputs' shapes and libtorch's reason
 */
export function callMany(operator: string, args: readonly Argument[], results: number): Handle[] {
  run(operator, args);
  const made: Handle[] = [];
  for (let i = 0; i < results; i++) made.push(new Handle(stack[i]!));
  return made;
}

/** Calls an operator with one result. @throws as {@link callMany} */
export function call(operator: string, ...args: Argument[]): Handle {
  run(operator, args);
  return new Handle(stack[0]!);
}

/** Calls an operator whose result is a list of one tensor. @throws as {@link callMany} */
export function callOfList(operator: string, ...args: Argument[]): Handle {
  run(operator, args);
  const { c } = native();
  const list = stack[0]!;
  const code = c.listItem(list, 0, out);
  c.deleteList(list); // its items are the caller's
  check(code, operator);
  return new Handle(out[0]!);
}

/** Calls an operator whose result is yes or no. @throws as {@link callMany} */
export function callTruth(operator: string, ...args: Argument[]): boolean {
  run(operator, args);
  return stack[0] === 1n;
}

/** An operator without arguments that answers yes or no; undefined where this build of libtorch has none of that name. */
export function ask(operator: string): boolean | undefined {
  const [name, overload] = namesOf(operator);
  const { c, abi } = native();
  return c.dispatch(name, overload, stack, abi) === 0 ? stack[0] === 1n : undefined;
}
