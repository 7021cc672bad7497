/**
 * The binding that tfjs-node-gpu's JavaScript talks to, which its C++ addon was: tensors by number, and any operation of
 * TensorFlow by its name. Saved models are refused.
 */
import { EngineError } from '@longtail/core';
import type { Native } from './native.ts';
import { createHandle, readHandle, TYPES } from './tensors.ts';

/** TF_AttrType of c_api.h. */
export const ATTRIBUTES = {
  TF_ATTR_STRING: 0,
  TF_ATTR_INT: 1,
  TF_ATTR_FLOAT: 2,
  TF_ATTR_BOOL: 3,
  TF_ATTR_TYPE: 4,
  TF_ATTR_SHAPE: 5,
} as const;

export interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}
export interface Metadata {
  readonly id: number;
  readonly shape: number[];
  readonly dtype: number;
}

function setAttribute({ c, checked }: Native, op: unknown, { name, type, value }: OpAttribute): void {
  const list = Array.isArray(value) ? value : undefined;
  switch (type) {
    case ATTRIBUTES.TF_ATTR_STRING: {
      const bytes = Buffer.from(value as string);
      c.setString(op, name, bytes, bytes.length);
      return;
    }
    case ATTRIBUTES.TF_ATTR_INT:
      if (list)
        c.setInts(
          op,
          name,
          BigInt64Array.from(list, (n) => BigInt(Math.trunc(n))),
          list.length,
        );
      else c.setInt(op, name, Math.trunc(value as number));
      return;
    case ATTRIBUTES.TF_ATTR_FLOAT:
      if (list) c.setFloats(op, name, Float32Array.from(list), list.length);
      else c.setFloat(op, name, value);
      return;
    case ATTRIBUTES.TF_ATTR_BOOL:
      if (list) c.setBools(op, name, Uint8Array.from(list, Number), list.length);
      else c.setBool(op, name, value ? 1 : 0);
      return;
    case ATTRIBUTES.TF_ATTR_TYPE:
      if (list) c.setTypes(op, name, Int32Array.from(list), list.length);
      else c.setType(op, name, value);
      return;
    case ATTRIBUTES.TF_ATTR_SHAPE: {
      const shape = BigInt64Array.from(value as number[], BigInt);
      checked(`the shape ${name}`, (s) => c.setShape(op, name, shape, shape.length, s));
      return;
    }
    default:
      throw new EngineError(`an attribute of TensorFlow has a type from 0 to 5, but ${name} has ${type}.`);
  }
}

/** @param native the library to bind */
export function binding(native: Native): Record<string, unknown> {
  const { c, checked, context } = native;
  const handles = new Map<number, bigint>();
  let nextId = 0;
  const take = (handle: bigint): number => {
    handles.set(nextId, handle);
    return nextId++;
  };
  const handleOf = (id: number): bigint => {
    const handle = handles.get(id);
    if (handle === undefined) throw new EngineError(`tensor ${id} is disposed, or was never made.`, { id });
    return handle;
  };
  const results = new BigUint64Array(256);
  const count = new Int32Array(1);

  function metadata(handle: bigint): Metadata {
    const rank = checked('a rank', (s) => c.handleRank(handle, s)) as number;
    const shape = Array.from({ length: rank }, (_, i) =>
      Number(checked('a size', (s) => c.handleDim(handle, i, s))),
    );
    return { id: take(handle), shape, dtype: c.handleType(handle) as number };
  }

  function executeOp(name: string, attributes: OpAttribute[], inputs: number[], outputs: number): Metadata[] {
    const op = checked(name, (s) => c.newOp(context, name, s));
    try {
      for (const id of inputs) checked(name, (s) => c.addInput(op, handleOf(id), s));
      for (const attribute of attributes) setAttribute(native, op, attribute);
      count[0] = outputs;
      checked(name, (s) => c.execute(op, results, count, s));
      return Array.from(results.subarray(0, outputs), metadata);
    } finally {
      c.deleteOp(op);
    }
  }

  const refuse = () => {
    throw new EngineError('saved models are not supported here; convert them to a tfjs graph model.');
  };
  return {
    ...TYPES,
    ...ATTRIBUTES,
    TF_ATTR_RESOURCE: 6,
    TF_Version: native.version,
    createTensor: (shape: number[], type: number, values: ArrayLike<number> | Uint8Array[]) =>
      take(createHandle(native, { shape, type, values })),
    deleteTensor(id: number) {
      c.deleteHandle(handleOf(id));
      handles.delete(id);
    },
    tensorDataSync: (id: number) => readHandle(native, handleOf(id)),
    executeOp,
    isUsingGpuDevice: () => native.isGpu,
    getNumOfTensors: () => handles.size,
    getNumOfSavedModels: () => 0,
    loadSavedModel: refuse,
    deleteSavedModel: refuse,
    runSavedModel: refuse,
  };
}
