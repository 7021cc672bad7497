/** The tfjs side: data ids to libtorch tensors, reading, writing and counting. */
import { EngineError, InputError } from '@longtail/core';
import { checkFilled } from '@longtail/kernels';
import * as tf from '@tensorflow/tfjs-core';
import { type Combination, hold, type Term } from './combination.ts';
import { type Handle, liveHandles } from './handle.ts';
import { exclusive, forget, placeOf, reordered, settled } from './ownership.ts';
import { type Complex, read, readLater, type TensorRecord, written } from './record.ts';
import { Records } from './records.ts';
import { cast, isOfType, ofShape, ofType, type Use } from './shims.ts';
import { settle, type TorchDtype, type Values } from './transfer.ts';

const partsOf = ({ real, imag }: Complex): tf.DataId[] => [real.dataId, imag.dataId];

export class TorchBackend extends tf.KernelBackend {
  readonly #records = new Records(this);
  /** The type that convolutions and matrix products compute in. */
  readonly computeType: 'float32' | 'bfloat16';

  constructor({ autocast }: { autocast?: 'bfloat16' | undefined } = {}) {
    super();
    this.computeType = autocast ?? 'float32';
  }

  /** The libtorch tensor behind a tfjs tensor, of its shape. */
  handle(info: tf.TensorInfo): Handle {
    return this.#handleOf(this.#records.get(info?.dataId));
  }

  #handleOf(record: TensorRecord): Handle {
    const { handle, dtype } = settled(record);
    if (!handle) throw new EngineError(`this operation has no ${dtype} kernel on libtorch.`, { dtype });
    return handle;
  }

  /** A tensor as a convolution or a matrix product wants it: in {@link computeType}. */
  operand(info: tf.TensorInfo, use: Use): Handle {
    const record = this.#records.get(info?.dataId);
    if (record.isNarrow) return record.handle!;
    const handle = this.#handleOf(record);
    return record.dtype === 'float32' ? this.narrowed(handle, use) : handle;
  }

  narrowed(handle: Handle, use: Use): Handle {
    return this.computeType === 'float32' ? handle : use(cast(handle, this.computeType));
  }

  /**
   * Makes a tfjs tensor of a libtorch one and takes it over; where libtorch has computed in a wider type, it is narrowed.
   *
   * @param viewOf the tensor whose memory it may share
   */
  output(given: Handle, shape: number[], dtype: tf.DataType, viewOf?: tf.TensorInfo): tf.TensorInfo {
    const whole = ofShape(given, shape);
    const handle = dtype === 'float32' ? whole : ofType(whole, dtype as TorchDtype);
    const storage = viewOf ? this.#records.get(viewOf.dataId).storage : { holders: 0 };
    const isNarrow = this.computeType === 'bfloat16' && dtype === 'float32' && isOfType(handle, 'bfloat16');
    return { dataId: this.#register({ handle, dtype, storage, isNarrow }), shape, dtype };
  }

  /**
   * The tensor of a variable for a change in place: moved to memory of its own first if anything else sees it.
   *
   * @param like whose order in memory it must have, where that matters
   */
  exclusive(variable: tf.Variable, like?: Handle): Handle {
    if (!(variable instanceof tf.Variable))
      throw new InputError('this operation changes a tensor in place, so it needs a tf.Variable.');
    if (this.#records.get(variable.dataId).refCount > 1) tf.tidy(() => variable.assign(tf.add(variable, 0)));
    const record = this.#records.get(variable.dataId);
    this.#handleOf(record);
    return exclusive(record, like);
  }

  /** A tensor's values where they lie, row by row and nobody else's, until it changes: an array, or a GPU's address. */
  inPlace(info: tf.TensorInfo): Values | bigint | undefined {
    this.handle(info);
    return placeOf(this.#records.get(info.dataId));
  }

  /**
   * The tensor in the order in memory that suits an operation best, its shape and values as they were: moved once.
   *
   * @param order makes the tensor in that order: the same memory where it lies so
   */
  reordered({ dataId }: tf.TensorInfo, order: (handle: Handle) => Handle): Handle {
    const record = this.#records.get(dataId);
    this.#handleOf(record);
    return reordered(record, order);
  }

  /** A tensor that is computed when its values are asked for; takes the combination over. */
  defer(deferred: Combination): tf.TensorInfo {
    hold(deferred);
    const record = { dtype: 'float32', handle: undefined, deferred, storage: { holders: 0 } } as const;
    return { dataId: this.#register(record), shape: [...deferred.shape], dtype: 'float32' };
  }

  /** What a tensor is to be; undefined once it is computed. */
  deferred(info: tf.TensorInfo): Combination | undefined {
    return this.#records.get(info?.dataId).deferred;
  }

  /** A tensor as a term of a combination, still its own. */
  term(info: tf.TensorInfo): Term {
    const x = this.handle(info);
    return { x, storage: this.#records.get(info.dataId).storage };
  }

  /** Keeps tensors for as long as another lives unchanged, and takes them over. @param key of what they are */
  keepWith({ dataId }: tf.TensorInfo, key: string, handles: readonly Handle[]): void {
    const record = settled(this.#records.get(dataId));
    forget(record);
    record.companion = { key, handles };
  }

  keptWith({ dataId }: tf.TensorInfo, key: string): readonly Handle[] | undefined {
    const { companion } = this.#records.get(dataId);
    return companion?.key === key ? companion.handles : undefined;
  }

  /** As {@link keptWith}, and they are the caller's from then on. */
  takeWith(info: tf.TensorInfo, key: string): readonly Handle[] | undefined {
    const kept = this.keptWith(info, key);
    if (kept) this.#records.get(info.dataId).companion = undefined;
    return kept;
  }

  /** A complex64 tensor of two float32 ones, which it takes over. */
  complex(real: tf.TensorInfo, imag: tf.TensorInfo): tf.TensorInfo {
    const record = {
      dtype: 'complex64',
      handle: undefined,
      complex: { real, imag },
      storage: { holders: 0 },
    } as const;
    return { dataId: this.#register(record), shape: real.shape, dtype: 'complex64' };
  }

  /** The two tensors behind a complex64, still its own; undefined for any other type. */
  complexParts({ dataId }: tf.TensorInfo): Complex | undefined {
    return this.#records.get(dataId).complex;
  }

  #register(record: Omit<TensorRecord, 'refCount'>): tf.DataId {
    const dataId = {};
    record.storage.holders++;
    this.#records.set(dataId, { ...record, refCount: 1 });
    return dataId;
  }

  override write(values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType): tf.DataId {
    const storage = { holders: 0 };
    if (dtype === 'string') {
      checkFilled(values.length, shape);
      return this.#register({ dtype, handle: undefined, strings: values as Uint8Array[], storage });
    }
    if (dtype === 'complex64') return this.#writeComplex(values as Float32Array, shape);
    const numbers = values as tf.TypedArray;
    return this.#register({ dtype, storage, ...written(numbers, shape, dtype as TorchDtype) });
  }

  /** @param values real and imaginary parts in turn */
  #writeComplex(values: Float32Array, shape: number[]): tf.DataId {
    const { real, imag } = tf.backend_util.splitRealAndImagArrays(values);
    const dtype = 'float32';
    const part = (own: Float32Array) => ({ dataId: this.write(own, shape, dtype), shape, dtype }) as const;
    return this.complex(part(real), part(imag)).dataId;
  }

  override readSync(dataId: tf.DataId): tf.backend_util.BackendValues {
    const record = this.#records.get(dataId);
    if (record.strings) return record.strings;
    if (!record.complex) return read(settled(record));
    const [real, imag] = partsOf(record.complex).map((part) => this.readSync(part) as Float32Array);
    return tf.backend_util.mergeRealAndImagArrays(real!, imag!);
  }

  /** As {@link readSync}, but the event loop goes on while a GPU computes. */
  override async read(dataId: tf.DataId): Promise<tf.backend_util.BackendValues> {
    const record = this.#records.get(dataId);
    if (record.strings) return record.strings;
    if (!record.complex) return readLater(settled(record));
    const [real, imag] = await Promise.all(partsOf(record.complex).map((part) => this.read(part)));
    return tf.backend_util.mergeRealAndImagArrays(real as Float32Array, imag as Float32Array);
  }

  override refCount(dataId: tf.DataId): number {
    return this.#records.find(dataId)?.refCount ?? 0;
  }

  override incRef(dataId: tf.DataId): void {
    this.#records.get(dataId).refCount++;
  }

  override disposeData(dataId: tf.DataId, force = false): boolean {
    const record = this.#records.find(dataId);
    if (!record) return true;
    record.refCount--;
    if (!force && record.refCount > 0) return false;
    record.storage.holders--;
    this.#records.free(record);
    if (record.complex) for (const part of partsOf(record.complex)) this.disposeData(part);
    this.#records.delete(dataId);
    return true;
  }

  override move(
    dataId: tf.DataId,
    values: tf.backend_util.BackendValues,
    shape: number[],
    dtype: tf.DataType,
    refCount: number,
  ): void {
    const moved = this.write(values, shape, dtype);
    const record = this.#records.get(moved);
    record.refCount = refCount;
    this.#records.delete(moved);
    this.#records.set(dataId, record);
  }

  override numDataIds(): number {
    return this.#records.count();
  }

  override memory(): { unreliable: boolean; reasons: string[] } & { numHandles: number } {
    return {
      unreliable: true,
      reasons: ['libtorch allocates outside of JavaScript'],
      numHandles: liveHandles(),
    };
  }

  override async time(run: () => void): Promise<tf.BackendTimingInfo> {
    settle();
    const start = performance.now();
    run();
    settle();
    return { kernelMs: performance.now() - start };
  }

  override floatPrecision(): 16 | 32 {
    return 32;
  }

  override dispose(): void {
    this.#records.close();
  }
}
