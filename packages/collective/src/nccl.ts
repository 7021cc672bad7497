/**
 * Between GPUs: NCCL's C interface (nccl.h, 2.10 or newer), in the library that PyTorch brings along. Not run on a GPU so far.
 *
 * All is put on the legacy default stream, which libtorch computes on: a sum begins when the gradients are there, and what is
 * computed afterwards waits for it. So no call here waits.
 */
import { EngineError } from '@longtail/core';
import koffi from 'koffi';
import type { DeviceMemory } from './memory.ts';
import type { Devices, Transport } from './transport.ts';

const ID_BYTES = 128;
const ID = koffi.struct({ internal: koffi.array('uint8_t', ID_BYTES) });

type TypeSpec = Parameters<typeof koffi.sizeof>[0];
type Functions = Readonly<
  Record<
    'errorText' | 'newId' | 'join' | 'allReduce' | 'broadcast' | 'begin' | 'end' | 'leave',
    (...values: unknown[]) => number
  >
>;

const SIGNATURES: Readonly<Record<keyof Functions, readonly [string, string, readonly TypeSpec[]]>> = {
  errorText: ['const char *', 'ncclGetErrorString', ['int']],
  newId: ['int', 'ncclGetUniqueId', ['void *']],
  join: ['int', 'ncclCommInitRank', ['void *', 'int', ID, 'int']],
  allReduce: [
    'int',
    'ncclAllReduce',
    ['uint64_t', 'uint64_t', 'size_t', 'int', 'int', 'uint64_t', 'uint64_t'],
  ],
  broadcast: [
    'int',
    'ncclBroadcast',
    ['uint64_t', 'uint64_t', 'size_t', 'int', 'int', 'uint64_t', 'uint64_t'],
  ],
  begin: ['int', 'ncclGroupStart', []],
  end: ['int', 'ncclGroupEnd', []],
  leave: ['int', 'ncclCommDestroy', ['uint64_t']],
};

/** ncclDataType_t, ncclRedOp_t; a bool is a uint8. */
const TYPES: Readonly<Record<string, number>> = { float32: 7, int32: 2, bool: 1 };
const [SUM, AVERAGE] = [0, 4];
const DEFAULT_STREAM = 0;

/**
 * @param path `LONGTAIL_NCCL`, or the one that this process has loaded with libtorch
 * @throws EngineError when it does not load, or lacks a function
 */
export function loadNccl(path: string = process.env.LONGTAIL_NCCL ?? 'libnccl.so.2'): Functions {
  try {
    const library = koffi.load(path);
    const bound = Object.entries(SIGNATURES).map(([key, [result, name, given]]) => [
      key,
      library.func(name, result, [...given]),
    ]);
    return Object.fromEntries(bound) as Functions;
  } catch (cause) {
    throw new EngineError(
      `tensors on GPUs are summed by NCCL, but ${path} does not load (${(cause as Error).message}); install it (pip install nvidia-nccl-cu13) and name it in LONGTAIL_NCCL.`,
      { path },
      { cause },
    );
  }
}

/** Makes the device that a tensor lies on the current one: the default stream is that device's. */
function useDeviceOf(address: bigint): void {
  const cuda = koffi.load('libcudart.so.13'); // libtorch's
  const attributes = new Int32Array(32); // cudaPointerAttributes: type, device, two pointers, reserved: 88 bytes in CUDA 13
  cuda.func('int cudaPointerGetAttributes(void *, uint64_t)')(attributes, address);
  cuda.func('int cudaSetDevice(int)')(attributes[1]);
}

/** @param host by which the group's id goes round */
export function overNccl(host: Pick<Transport, 'rank' | 'size' | 'broadcast'>): Devices {
  const c = loadNccl();
  let group: bigint | undefined;

  function check(code: number): void {
    if (code === 0) return;
    throw new EngineError(
      `NCCL failed: ${String(c.errorText(code) as unknown)}; NCCL_DEBUG=INFO says more.`,
      { code },
    );
  }

  function join(): bigint {
    const internal = new Uint8Array(ID_BYTES);
    if (host.rank === 0) check(c.newId(internal));
    host.broadcast(internal, 0);
    const out = new BigUint64Array(1);
    check(c.join(out, host.size, { internal }, host.rank));
    return out[0]!;
  }

  /** One call for each, in one group: NCCL makes as few of them as it can. */
  function each(
    memories: readonly DeviceMemory[],
    call: (memory: DeviceMemory, type: number) => number,
  ): void {
    const [first] = memories;
    if (!first) return;
    if (group === undefined) {
      useDeviceOf(first.address);
      group = join();
    }
    check(c.begin());
    for (const memory of memories) check(call(memory, TYPES[memory.dtype]!));
    check(c.end());
  }

  return {
    reduce(memories, { mean }) {
      const operation = mean ? AVERAGE : SUM;
      each(memories, ({ address, length }, type) =>
        c.allReduce(address, address, length, type, operation, group, DEFAULT_STREAM),
      );
    },
    broadcast(memories, root) {
      each(memories, ({ address, length }, type) =>
        c.broadcast(address, address, length, type, root, group, DEFAULT_STREAM),
      );
    },
    close() {
      if (group !== undefined) c.leave(group);
      group = undefined;
    },
  };
}
