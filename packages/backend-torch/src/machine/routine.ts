/**
 * Machine code where this process may run it: on Linux and x86-64, on the threads that libtorch's own operators run on
 * (libgomp's `GOMP_parallel`). Its memory is never writable and executable at once; a system that allows none has no routines.
 */
import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import koffi from 'koffi';
import { native } from '../native.ts';
import { cpuHas } from '../onednn.ts';
import type { Encoding } from './x64.ts';

interface System {
  map(where: null, bytes: number, access: number, flags: number, file: number, from: number): number | bigint;
  protect(where: bigint, bytes: number, access: number): number;
  unmap(where: bigint, bytes: number): number;
  copy(to: bigint, from: Uint8Array, bytes: number): void;
  threads(): number;
  together(code: bigint, data: BigInt64Array, threads: number, flags: number): void;
}

const [READ, WRITE, EXECUTE] = [1, 2, 4] as const;
const PRIVATE_ANONYMOUS = 0x22;
const FAILED = 2n ** 64n - 1n;
const PAGE = 4096;

let found: System | 'none' | undefined;

function system(): System | undefined {
  found ??= bound() ?? 'none';
  return found === 'none' ? undefined : found;
}

function bound(): System | undefined {
  // The libgomp that libtorch has loaded: another one would have other threads.
  const loaded = readFileSync('/proc/self/maps', 'utf8').match(/\/.*\/libgomp[^/\n]*$/gm) ?? [];
  const path = loaded.find((file) => dirname(file) === native().library) ?? loaded[0];
  if (!path) return undefined;
  try {
    const [c, gomp] = [koffi.load('libc.so.6'), koffi.load(path)];
    return {
      map: c.func('uint64_t mmap(void*, size_t, int, int, int, int64_t)'),
      protect: c.func('int mprotect(uint64_t, size_t, int)'),
      unmap: c.func('int munmap(uint64_t, size_t)'),
      copy: c.func('void memcpy(uint64_t, void*, size_t)'),
      threads: gomp.func('int omp_get_max_threads()'),
      together: gomp.func('void GOMP_parallel(uint64_t, void*, uint32_t, uint32_t)'),
    } as System;
  } catch {
    return undefined;
  }
}

let best: Encoding | 'none' | undefined;

/** The widest vectors that code may use here; undefined where none may run. */
export function encodingHere(): Encoding | undefined {
  best ??= (process.platform === 'linux' && process.arch === 'x64' && widest()) || 'none';
  const { kind, isHost } = native().device;
  return best !== 'none' && kind === 'cpu' && isHost && system() ? best : undefined;
}

function widest(): Encoding | undefined {
  if (['avx512f', 'avx512vl'].every(cpuHas)) return 'evex';
  return ['avx2', 'fma'].every(cpuHas) ? 'vex' : undefined;
}

/** How many threads libtorch's operators run on, for whoever calls from this thread. */
export const threadsHere = (): number => Math.max(1, system()!.threads());

/** Code that was made before, by what it is for; of more, what has not been used for longest is unmapped. */
const routines = new Map<string, { readonly address: bigint; readonly bytes: number }>();
const MOST = 256;

/** Where the code for `key` begins, made at the first call; undefined where the system lets nothing be executed. */
export function routineOf(key: string, make: () => Uint8Array): bigint | undefined {
  const known = routines.get(key);
  if (known) {
    routines.delete(key);
    routines.set(key, known); // behind the others
    return known.address;
  }
  const { map, protect, unmap, copy } = system()!;
  const code = make();
  const bytes = Math.ceil(code.length / PAGE) * PAGE;
  const address = BigInt(map(null, bytes, READ | WRITE, PRIVATE_ANONYMOUS, -1, 0));
  if (address === FAILED) return undefined;
  copy(address, code, code.length);
  if (protect(address, bytes, READ | EXECUTE) !== 0) {
    unmap(address, bytes);
    found = 'none';
    return undefined;
  }
  if (routines.size === MOST) forget(routines.keys().next().value!);
  if (routines.size === 0 && !isMainThread) process.once('exit', () => [...routines.keys()].forEach(forget));
  routines.set(key, { address, bytes });
  return address;
}

function forget(key: string): void {
  const { address, bytes } = routines.get(key)!;
  system()?.unmap(address, bytes);
  routines.delete(key);
}

/** Runs a routine once on each of `threads` threads, and waits. @param data what it is called with, the same for all */
export function together(routine: bigint, data: BigInt64Array, threads: number): void {
  system()!.together(routine, data, threads, 0);
}
