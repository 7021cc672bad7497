/** Data ids to what is behind them. As tfjs's own DataStorage, but it says why nothing is there, and frees all at once. */
import { EngineError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import type { TensorRecord } from './record.ts';

export class Records {
  readonly #stored: tf.DataStorage<TensorRecord>;
  /** The same once more: what is stored cannot be listed. */
  readonly #live = new Set<TensorRecord>();
  #isClosed = false;

  constructor(backend: tf.KernelBackend) {
    this.#stored = new tf.DataStorage(backend, tf.engine());
  }

  /** Fetches what another backend holds. @throws EngineError where no backend has it, or no longer */
  get(dataId: tf.DataId | undefined): TensorRecord {
    if (this.#isClosed)
      throw new EngineError('the backend of this tensor was removed; read what you need before that.');
    if (dataId && (this.#stored.has(dataId) || tf.engine().state.tensorInfo.has(dataId)))
      return this.#stored.get(dataId);
    throw new EngineError(
      'this tensor is disposed, or of no backend; keep it with tf.keep or clone it before.',
    );
  }

  /** What is here of that id, also of a backend that was removed. */
  find(dataId: tf.DataId): TensorRecord | undefined {
    return this.#stored.has(dataId) ? this.#stored.get(dataId) : undefined;
  }

  set(dataId: tf.DataId, record: TensorRecord): void {
    this.#stored.set(dataId, record);
    this.#live.add(record);
  }

  /** Forgets an id, whose record goes on. */
  delete(dataId: tf.DataId): void {
    this.#stored.delete(dataId);
  }

  free(record: TensorRecord): void {
    record.handle?.free();
    record.companion?.handle.free();
    this.#live.delete(record);
  }

  /** Frees all tensors; none can be had any more. */
  close(): void {
    this.#isClosed = true;
    for (const record of this.#live) this.free(record);
  }

  count(): number {
    return this.#stored.numDataIds();
  }
}
