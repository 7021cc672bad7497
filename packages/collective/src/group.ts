/** A group of processes over whatever carries its bytes. */
import { checkIntegers, checkOneOf, checkOptions, checkStrings, InputError, shown } from '@longtail/core';
import type * as tf from '@tensorflow/tfjs-core';
import { BUCKET_BYTES, bucketsOf, packed, unpack } from './buckets.ts';
import type { AllReduceOptions, Collective, Pending } from './collective.ts';
import type { Exits } from './exits.ts';
import { checkTensors, memoriesOf, type Values } from './memory.ts';
import type { NumberArray, Operation, Transport } from './transport.ts';

const OPERATIONS = ['sum', 'max', 'min'] as const;

function checkBytes(bytes: unknown): asserts bytes is Uint8Array {
  if (!(bytes instanceof Uint8Array))
    throw new InputError(`bytes must be a Uint8Array, but it is ${shown(bytes)}.`, { bytes });
}

function checkArrays(arrays: readonly NumberArray[]): void {
  const types = [Float32Array, Float64Array, Int32Array, BigInt64Array];
  const isFit = (array: unknown): boolean => types.some((type) => array instanceof type);
  if (!Array.isArray(arrays) || !arrays.every(isFit))
    throw new InputError(
      `arrays must be an array of Float32Array, Float64Array, Int32Array or BigInt64Array, but it is ${shown(arrays)}.`,
      { arrays },
    );
}

function scale(values: Values, factor: number): void {
  for (let i = 0; i < values.length; i++) values[i]! *= factor;
}

const asBytes = ({ buffer, byteOffset, byteLength }: NodeJS.TypedArray): Uint8Array =>
  new Uint8Array(buffer as ArrayBuffer, byteOffset, byteLength);

/** Starts the sums of all tensors; what it returns waits for them. */
function startSums(
  transport: Transport,
  tensors: readonly tf.Tensor[],
  { mean, bucketBytes }: Required<AllReduceOptions>,
): () => void {
  const { host, device } = memoriesOf(tensors);
  const buckets = bucketsOf(
    host.map(({ values }) => values),
    { bucketBytes },
  );
  const started = buckets.map((bucket) => {
    const all = packed(bucket);
    return { bucket, all, wait: transport.startReduce(all as Float32Array | Int32Array, 'sum') };
  });
  if (device.length > 0) transport.devices().reduce(device, { mean });
  return () => {
    for (const { bucket, all, wait } of started) {
      wait();
      if (mean) scale(all, 1 / transport.size);
      unpack(all, bucket);
    }
    for (const memory of host) memory.commit();
  };
}

export function groupOver(transport: Transport, exit: Exits): Collective {
  const { rank, size, name } = transport;

  function startAllReduce(tensors: readonly tf.Tensor[], options: AllReduceOptions = {}): Pending {
    const { mean = false, bucketBytes = BUCKET_BYTES } = checkOptions(options, { of: 'allReduce' });
    checkOneOf({ mean }, [true, false]);
    checkIntegers({ bucketBytes });
    checkTensors(tensors, mean ? ['float32'] : ['float32', 'int32']);
    if (size === 1) return { wait() {} };
    let finish: (() => void) | undefined = startSums(transport, tensors, { mean, bucketBytes });
    return {
      wait() {
        finish?.();
        finish = undefined;
      },
    };
  }

  function checkRoot({ root = 0 }: { readonly root?: number }): number {
    checkIntegers({ root }, { least: 0, most: size - 1 });
    return root;
  }

  function broadcastBytes(
    bytes: Uint8Array | undefined,
    options: { readonly root?: number } = {},
  ): Uint8Array {
    const root = checkRoot(checkOptions(options, { of: 'broadcastBytes' }));
    if (rank === root) checkBytes(bytes);
    const own = rank === root ? bytes! : new Uint8Array(0);
    const length = Float64Array.of(own.length);
    transport.broadcast(asBytes(length), root);
    const given = rank === root ? own : new Uint8Array(length[0]!);
    transport.broadcast(given, root);
    return given;
  }

  return {
    rank,
    size,
    transport: name,
    startAllReduce,
    broadcastBytes,
    allReduce(tensors, options) {
      startAllReduce(tensors, options).wait();
    },
    reduceArrays(arrays, options = {}) {
      const { operation = 'sum' } = checkOptions(options, { of: 'reduceArrays' }) as {
        operation?: Operation;
      };
      checkOneOf({ operation }, OPERATIONS);
      checkArrays(arrays);
      const filled = [...new Set(arrays)].filter(({ length }) => length > 0);
      const waits = filled.map((array) => transport.startReduce(array, operation));
      for (const wait of waits) wait();
    },
    gather(bytes) {
      checkBytes(bytes);
      return Array.from({ length: size }, (_, root) =>
        broadcastBytes(rank === root ? bytes.slice() : undefined, { root }),
      );
    },
    broadcast(tensors, options = {}) {
      const root = checkRoot(checkOptions(options, { of: 'broadcast' }));
      checkTensors(tensors, ['float32', 'int32', 'bool']);
      if (size === 1) return;
      const { host, device } = memoriesOf(tensors);
      for (const { values, commit } of host) {
        transport.broadcast(asBytes(values), root);
        commit();
      }
      if (device.length > 0) transport.devices().broadcast(device, root);
    },
    barrier: () => transport.barrier(),
    abort(reason, options = {}) {
      const { code = 1 } = checkOptions(options, { of: 'abort' });
      checkStrings({ reason });
      checkIntegers({ code }, { least: 1, most: 255 });
      return exit.abort(reason, code);
    },
    close: () => exit.close(),
  };
}
