/** Data ids to what is behind them. As tfjs's own DataStorage, but it says why nothing is there, and frees all at once. */
import { EngineError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { forget } from './ownership.ts';
import type { TensorRecord } from './record.ts';

export class Records {
  readonly #backend: tf.KernelBackend;
  readonly #records = new Map<tf.DataId, TensorRecord>();
  #isClosed = false;

  constructor(backend: tf.KernelBackend) {
    this.#backend = backend;
  }

  /** Fetches what another backend holds. @throws EngineError where no backend has it, or no longer */
  get(dataId: tf.DataId | undefined): TensorRecord {
    const record = this.#records.get(dataId!);
    if (record && !this.#isClosed) return record;
    if (this.#isClosed)
      throw new EngineError('the backend of this tensor was removed; read what you need before that.');
    if (!dataId || !tf.engine().state.tensorInfo.has(dataId))
      throw new EngineError(
        'this tensor is disposed, or of no backend; keep it with tf.keep or clone it before.',
      );
    tf.engine().moveData(this.#backend, dataId);
    return this.#records.get(dataId)!;
  }

  /** What is here of that id, also of a backend that was removed. */
  find(dataId: tf.DataId): TensorRecord | undefined {
    return this.#records.get(dataId);
  }

  set(dataId: tf.DataId, record: TensorRecord): void {
    this.#records.set(dataId, record);
  }

  /** Forgets an id, whose record goes on. */
  delete(dataId: tf.DataId): void {
    this.#records.delete(dataId);
  }

  free(record: TensorRecord): void {
    record.handle?.free();
    forget(record);
  }

  /** Frees all tensors; none can be had any more. */
  close(): void {
    this.#isClosed = true;
    for (const record of this.#records.values()) this.free(record);
  }

  count(): number {
    return this.#records.size;
  }
}
