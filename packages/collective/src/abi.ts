/**
 * The three binary interfaces of MPI: what a handle is, and its value. MPICH's (also Intel MPI's and MVAPICH's, mpi.h: integers),
 * the standard one of MPI 5.0 (chapter 20, mpi_abi.h: small numbers in pointers), Open MPI's (mpi.h: addresses of symbols).
 */
import { basename } from 'node:path';
import { EngineError } from '@longtail/core';
import type { LibraryHandle } from 'koffi';

const NAMES = ['world', 'float32', 'float64', 'int32', 'int64', 'byte', 'sum', 'max', 'min'] as const;

/** Handles, and two pointers that mean something. An int and a pointer are passed alike on every 64-bit platform. */
export type Abi = Readonly<Record<(typeof NAMES)[number] | 'inPlace' | 'ignoreStatus', bigint>>;

const MPICH: Abi = {
  world: 0x44000000n,
  float32: 0x4c00040an,
  float64: 0x4c00080bn,
  int32: 0x4c000439n,
  int64: 0x4c00083an,
  byte: 0x4c00010dn,
  sum: 0x58000003n,
  max: 0x58000001n,
  min: 0x58000002n,
  inPlace: -1n,
  ignoreStatus: 1n,
};

const STANDARD: Abi = {
  world: 0x101n,
  float32: 0x210n,
  float64: 0x214n,
  int32: 0x250n,
  int64: 0x258n,
  byte: 0x247n,
  sum: 0x21n,
  max: 0x23n,
  min: 0x22n,
  inPlace: 1n,
  ignoreStatus: 0n,
};

const SYMBOLS: Readonly<Record<(typeof NAMES)[number], string>> = {
  world: 'comm_world',
  float32: 'float',
  float64: 'double',
  int32: 'int32_t',
  int64: 'int64_t',
  byte: 'byte',
  sum: 'op_sum',
  max: 'op_max',
  min: 'op_min',
};

function has(library: LibraryHandle, symbol: string): boolean {
  try {
    library.symbol(symbol);
    return true;
  } catch {
    return false;
  }
}

/** @throws EngineError when it is no MPI library, or of a kind that is not known here */
export function abiOf(library: LibraryHandle, path: string): Abi {
  if (has(library, 'ompi_mpi_comm_world')) {
    const address = (name: (typeof NAMES)[number]): bigint =>
      BigInt(library.symbol(`ompi_mpi_${SYMBOLS[name]}`));
    const handles = Object.fromEntries(NAMES.map((name) => [name, address(name)]));
    return { ...handles, inPlace: 1n, ignoreStatus: 0n } as Abi;
  }
  if (!has(library, 'MPI_Allreduce'))
    throw new EngineError(`expected an MPI library, but ${path} has no MPI_Allreduce; name another one.`, {
      path,
    });
  return /mpi_abi/.test(basename(path)) ? STANDARD : MPICH;
}
