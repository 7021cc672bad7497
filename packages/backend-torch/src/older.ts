/**
 * libtorch 2.11 and 2.12 have all the C functions that this backend calls but two. What stands in for them does what the
 * functions of 2.13 do themselves; where it cannot (Windows names `operator new` otherwise), the library is refused.
 */
import type { NativeFunction } from './native.ts';

/** The oldest libtorch that has every other function: major and minor version. */
export const OLDEST = [2, 11] as const;

type Version = readonly number[];

/** @param version major, minor */
export const isOlder = ([major, minor]: Version, than: Version): boolean =>
  major! < than[0]! || (major === than[0] && minor! < than[1]!);

/** The newest version whose conversions are known here; a library older than that has its own. */
const MEANT: Version = [2, 13];

/** major << 56 | minor << 48 */
export function abiFor(version: Version): bigint {
  const [major, minor] = isOlder(version, MEANT) ? version : MEANT;
  return (BigInt(major!) << 56n) | (BigInt(minor!) << 48n);
}

/** What an optional of the dispatcher points to, a StableIValue: the callee `delete`s it. */
const SLOT_BYTES = 8;

type Bind = (signature: string) => ((...values: unknown[]) => unknown) | undefined;

const STAND_INS: Readonly<Record<string, (bind: Bind) => ((...values: never[]) => unknown) | undefined>> = {
  newOptional(bind) {
    const operatorNew = bind('uint64_t _Znwm(size_t)');
    if (!operatorNew) return undefined;
    return (out: BigUint64Array) => {
      out[0] = BigInt(operatorNew(SLOT_BYTES) as number | bigint);
      return 0;
    };
  },
  errorText: () => () => 'a libtorch older than 2.13 tells its reason on stderr alone',
};

/** @returns the function in the place of one that an older library lacks; undefined where there is none */
export const standIn = (name: string, bind: Bind): NativeFunction | undefined =>
  STAND_INS[name]?.(bind) as NativeFunction | undefined;
