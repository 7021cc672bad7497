/**
 * The C functions of libtorch that this backend calls, for one device a process: its stable ABI (torch/csrc/stable/c/shim.h and
 * torch/csrc/inductor/aoti_torch/c/shim.h in the PyTorch wheel), declared to koffi. 2.13 is the oldest release
 * that has them all; see older.ts for two before it.
 */
import { resolve } from 'node:path';
import { EngineError, NoGpuError } from '@longtail/core';
import { cutShort } from '@longtail/core/cut-short';
import koffi from 'koffi';
import { type DeviceName, type DeviceTraits, traitsOf } from './device.ts';
import { filesOf, loadedElsewhere } from './library.ts';
import { abiFor, isOlder, OLDEST, standIn } from './older.ts';

/**
 * Every C function returns 0, or the error behind `errorText`. `out`: where a new handle is written. `_cpu`: another
 * device's kind takes its place.
 */
const SIGNATURES = {
  errorText: 'const char *torch_exception_get_what_without_backtrace()',
  dispatch: 'int32_t torch_call_dispatcher(const char*, const char*, void*, uint64_t)',
  newList: 'int32_t torch_new_list_reserve_size(size_t, void*)',
  pushToList: 'int32_t torch_list_push_back(uint64_t, uint64_t)',
  listItem: 'int32_t torch_list_get_item(uint64_t, size_t, void*)',
  deleteList: 'int32_t torch_delete_list(uint64_t)',
  newOptional: 'int32_t torch_new_stable_ivalue(void*)',
  newString: 'int32_t torch_new_string_handle(const char*, size_t, void*)',
  newReference: 'int32_t aoti_torch_new_tensor_handle(uint64_t, void*)',
  deleteTensor: 'int32_t aoti_torch_delete_tensor_object(uint64_t)',
  copy: 'int32_t aoti_torch_copy_(uint64_t, uint64_t, int32_t)',
  empty: 'int32_t aoti_torch_empty_strided(int64_t, void*, void*, int32_t, int32_t, int32_t, void*)',
  emptyPinned:
    'int32_t aoti_torch_empty_strided_pinned(int64_t, void*, void*, int32_t, int32_t, int32_t, void*)',
  dataPointer: 'int32_t aoti_torch_get_data_ptr(uint64_t, void*)',
  dtype: 'int32_t aoti_torch_get_dtype(uint64_t, void*)',
  fromBlob:
    'int32_t aoti_torch_create_tensor_from_blob(void*, int64_t, void*, void*, int64_t, int32_t, int32_t, int32_t, void*)',
  numel: 'int32_t aoti_torch_get_numel(uint64_t, void*)',
  isContiguous: 'int32_t aoti_torch_is_contiguous(uint64_t, void*)',
  rank: 'int32_t aoti_torch_get_dim(uint64_t, void*)',
  size: 'int32_t aoti_torch_get_size(uint64_t, int64_t, void*)',
  stride: 'int32_t aoti_torch_get_stride(uint64_t, int64_t, void*)',
  deviceType: 'int32_t aoti_torch_device_type_cpu()',
  fill: 'int32_t aoti_torch_cpu_fill__Scalar(uint64_t, double)',
  add: 'int32_t aoti_torch_cpu_add_Tensor(uint64_t, uint64_t, double, void*)',
  addNumber: 'int32_t aoti_torch_cpu_add_Scalar(uint64_t, double, double, void*)',
  mul: 'int32_t aoti_torch_cpu_mul_Tensor(uint64_t, uint64_t, void*)',
  mulNumber: 'int32_t aoti_torch_cpu_mul_Scalar(uint64_t, double, void*)',
  pad: 'int32_t aoti_torch_cpu_pad(uint64_t, void*, int64_t, const char*, void*, void*)',
  permute: 'int32_t aoti_torch_cpu_permute(uint64_t, void*, int64_t, void*)',
  reshape: 'int32_t aoti_torch_cpu_reshape(uint64_t, void*, int64_t, void*)',
  slice: 'int32_t aoti_torch_cpu_slice_Tensor(uint64_t, int64_t, void*, void*, int64_t, void*)',
  setGradMode: 'void aoti_torch_grad_mode_set_enabled(bool)',
  version: 'uint64_t aoti_torch_abi_version()',
  float32: 'int32_t aoti_torch_dtype_float32()',
  float64: 'int32_t aoti_torch_dtype_float64()',
  bfloat16: 'int32_t aoti_torch_dtype_bfloat16()',
  int32: 'int32_t aoti_torch_dtype_int32()',
  int64: 'int32_t aoti_torch_dtype_int64()',
  bool: 'int32_t aoti_torch_dtype_bool()',
  uint8: 'int32_t aoti_torch_dtype_uint8()',
} as const;

export type NativeFunction = ((...values: unknown[]) => number) & {
  /** On a thread of its own; the last argument is called with an error, or the result. */
  readonly async: (...values: unknown[]) => void;
};
export type NativeFunctions = Record<keyof typeof SIGNATURES, NativeFunction>;
const DTYPES = ['float32', 'float64', 'bfloat16', 'int32', 'int64', 'bool', 'uint8'] as const;
export type DtypeName = (typeof DTYPES)[number];

export interface Device extends DeviceTraits {
  /** c10::DeviceType. */
  readonly type: number;
  readonly index: number;
}

export interface Native {
  readonly c: NativeFunctions;
  readonly dtypes: Readonly<Record<DtypeName, number>>;
  readonly device: Device;
  /** Such as `2.15.0`. */
  readonly version: string;
  /** Whose conversions the dispatcher is to make of its slots. */
  readonly abi: bigint;
  readonly library: string;
  /** How many threads MKL takes for this thread's products from now on, 0 for its own choice; where it is MKL. */
  readonly limitMkl: ((threads: number) => void) | undefined;
}

export interface NativeOptions {
  readonly device?: DeviceName | 'apart';
  /** Which of several GPUs. */
  readonly index?: number;
}

let opened: Native | undefined;

/**
 * Loads libtorch once in a process and binds its functions.
 *
 * @param folder that holds libtorch_cpu
 * @throws EngineError when a file is missing or cut short, does not load, is too old, or another one is loaded already
 * @throws NoGpuError when the library is there, but no GPU answers
 */
export function openNative(folder: string, { device = 'cpu', index = 0 }: NativeOptions = {}): Native {
  const traits = traitsOf(device);
  const library = resolve(folder);
  const other = opened ? opened.library !== library && opened.library : loadedElsewhere(library);
  if (other)
    throw new EngineError(
      `libtorch is loaded from ${other} already; start a new process to load ${library}.`,
      { library },
    );
  opened ??= load(library, traits, index);
  const own = opened.device;
  if (own.kind !== traits.kind || own.isHost !== traits.isHost || own.index !== index)
    throw new EngineError(
      `libtorch runs on ${own.kind} ${own.index} already; start a new process for ${traits.kind} ${index}.`,
      { device, index },
    );
  return opened;
}

/** The library in use. @throws EngineError before {@link openNative} */
export function native(): Native {
  if (!opened) throw new EngineError('libtorch is not loaded yet: call registerTorchBackend first.');
  return opened;
}

function load(library: string, traits: DeviceTraits, index: number): Native {
  const files = filesOf(library, traits);
  let libraries: Libraries;
  let c: NativeFunctions;
  try {
    const cut = cutShort(library);
    if (cut) throw new Error(`${cut} is cut short`);
    // A device's library registers its kernels with libtorch_cpu's dispatcher: both must see the same symbols.
    const options = files.length > 1 ? { global: true, lazy: true } : {};
    libraries = files.map((file) => koffi.load(file, options)).reverse();
    c = bindAll(libraries, traits.kind);
  } catch (cause) {
    const why = (cause as Error).message;
    throw new EngineError(
      `libtorch in ${library} cannot be used: ${why}; run "npx @longtail/engine install".`,
      { library },
      { cause },
    );
  }
  c.setGradMode(false); // tfjs keeps its own tape
  const dtypes = Object.fromEntries(DTYPES.map((d) => [d, c[d]()])) as Native['dtypes'];
  const device = { ...traits, type: c.deviceType(), index };
  expectAnswer(c, dtypes, device);
  const version = versionOf(c);
  const limitMkl = bind(libraries, 'int MKL_Set_Num_Threads_Local(int)'); // inside libtorch on x86, and nowhere else
  return { c, dtypes, device, version: version.join('.'), abi: abiFor(version), library, limitMkl };
}

type Libraries = readonly ReturnType<typeof koffi.load>[];

/** @throws Error that says what an older library lacks */
function bindAll(libraries: Libraries, kind: string): NativeFunctions {
  const bound = Object.entries(SIGNATURES).map(([key, signature]) => {
    const own = signature.replace('_cpu', `_${kind}`);
    const found = bind(libraries, own) ?? standIn(key, (other) => bind(libraries, other));
    if (!found) throw new Error(`it lacks "${own}", so it is older than ${OLDEST.join('.')}`);
    return [key, found];
  });
  const c = Object.fromEntries(bound) as NativeFunctions;
  const version = versionOf(c);
  if (isOlder(version, OLDEST)) throw new Error(`${version.join('.')} is older than ${OLDEST.join('.')}`);
  return c;
}

function versionOf(c: NativeFunctions): number[] {
  const abi = BigInt(c.version());
  return [56n, 48n, 40n].map((place) => Number((abi >> place) & 255n));
}

function bind(libraries: Libraries, signature: string): NativeFunction | undefined {
  for (const library of libraries)
    try {
      return library.func(signature) as unknown as NativeFunction;
    } catch {} // not in this one
  return undefined;
}

/** Asks the device for one value's memory. @throws NoGpuError with libtorch's reason */
function expectAnswer(c: NativeFunctions, dtypes: Native['dtypes'], device: Device): void {
  const [none, out] = [new BigInt64Array(0), new BigUint64Array(1)];
  if (c.empty(0, none, none, dtypes.float32, device.type, device.index, out) === 0) {
    c.deleteTensor(out[0]);
    return;
  }
  const [reason] = String(c.errorText() as unknown).split(/\.\s|\n/);
  throw new NoGpuError(
    `expected a ${device.title} (number ${device.index}), but libtorch found none: ${reason}; ${device.remedy}, or take the device "cpu".`,
    { device: device.kind, index: device.index },
  );
}
