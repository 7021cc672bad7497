/**
 * The transport over MPI (MPI 5.0, chapter 6): a call of its C interface for each of ours. All are the nonblocking ones and a
 * wait: where there are more processes than free cores, MPICH's blocking sums spin while those they wait for have no core (102 MB
 * over 4 processes on 2 busy cores: not done in a minute and a half, against .8 s).
 */
import { EngineError } from '@longtail/core';
import type { Mpi } from './load-mpi.ts';
import { overNccl } from './nccl.ts';
import type { Devices, NumberArray, Transport } from './transport.ts';

/** MPI's counts are ints. */
const MOST_BYTES = 2 ** 30;

/** What one call after another takes of an array: as much as its count can say. */
export function piecesOf<T extends NumberArray | Uint8Array>(values: T, mostBytes: number = MOST_BYTES): T[] {
  const most = mostBytes / values.BYTES_PER_ELEMENT;
  const count = Math.ceil(values.length / most);
  return Array.from({ length: count }, (_, i) => values.subarray(i * most, (i + 1) * most) as T);
}

const TYPES = {
  Float32Array: 'float32',
  Float64Array: 'float64',
  Int32Array: 'int32',
  BigInt64Array: 'int64',
} as const;

export function overMpi({ c, abi, rank, size }: Mpi): Transport {
  let isOpen = true;
  let devices: Devices | undefined;

  function expectOpen(): void {
    if (!isOpen) throw new EngineError('this process has left the group already; close() is its last call.');
  }

  const typeOf = (values: NumberArray): bigint => abi[TYPES[values.constructor.name as keyof typeof TYPES]];

  /** @returns what waits for the call to be done, and keeps its memory until then */
  function started(memory: NodeJS.TypedArray, call: (request: BigInt64Array) => void): () => void {
    expectOpen();
    const request = new BigInt64Array(16); // too long for V8 to keep it where it moves
    call(request);
    return () => {
      expectOpen();
      c.wait(request, abi.ignoreStatus);
      return memory;
    };
  }

  const transport: Transport = {
    name: 'mpi',
    rank,
    size,
    startReduce(values, operation) {
      const waits = piecesOf(values).map((part) =>
        started(part, (request) =>
          c.allReduce(abi.inPlace, part, part.length, typeOf(part), abi[operation], abi.world, request),
        ),
      );
      return () => {
        for (const wait of waits) wait();
      };
    },
    broadcast(bytes, root) {
      for (const part of piecesOf(bytes))
        started(part, (request) => c.broadcast(part, part.length, abi.byte, root, abi.world, request))();
    },
    barrier: () => started(new Int32Array(0), (request) => c.barrier(abi.world, request))(),
    devices() {
      expectOpen();
      devices ??= overNccl(transport);
      return devices;
    },
    abort(code) {
      if (isOpen) c.abort(abi.world, code);
    },
    close() {
      if (!isOpen) return;
      devices?.close();
      c.finalize();
      isOpen = false;
    },
  };
  return transport;
}
