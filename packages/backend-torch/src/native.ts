/**
 * The C functions of libtorch that this backend calls: its stable ABI (torch/csrc/stable/c/shim.h and
 * torch/csrc/inductor/aoti_torch/c/shim.h in the PyTorch wheel), declared to koffi. 2.13 is the oldest release
 * that has them all.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError } from '@longtail/core';
import koffi from 'koffi';

const LIBRARY = { linux: 'libtorch_cpu.so', darwin: 'libtorch_cpu.dylib', win32: 'torch_cpu.dll' } as Record<
  string,
  string
>;

/** Every C function returns 0, or the error behind `errorText`. `out`: where a new handle is written. */
const SIGNATURES = {
  errorText: 'const char *torch_exception_get_what_without_backtrace()',
  dispatch: 'int32_t torch_call_dispatcher(const char*, const char*, void*, uint64_t)',
  newList: 'int32_t torch_new_list_reserve_size(size_t, void*)',
  pushToList: 'int32_t torch_list_push_back(uint64_t, uint64_t)',
  newOptional: 'int32_t torch_new_stable_ivalue(void*)',
  newString: 'int32_t torch_new_string_handle(const char*, size_t, void*)',
  newReference: 'int32_t aoti_torch_new_tensor_handle(uint64_t, void*)',
  deleteTensor: 'int32_t aoti_torch_delete_tensor_object(uint64_t)',
  fromBlob:
    'int32_t aoti_torch_create_tensor_from_blob(void*, int64_t, void*, void*, int64_t, int32_t, int32_t, int32_t, void*)',
  empty: 'int32_t aoti_torch_empty_strided(int64_t, void*, void*, int32_t, int32_t, int32_t, void*)',
  dataPointer: 'int32_t aoti_torch_get_data_ptr(uint64_t, void*)',
  dtype: 'int32_t aoti_torch_get_dtype(uint64_t, void*)',
  rank: 'int32_t aoti_torch_get_dim(uint64_t, void*)',
  size: 'int32_t aoti_torch_get_size(uint64_t, int64_t, void*)',
  stride: 'int32_t aoti_torch_get_stride(uint64_t, int64_t, void*)',
  fill: 'int32_t aoti_torch_cpu_fill__Scalar(uint64_t, double)',
  add: 'int32_t aoti_torch_cpu_add_Tensor(uint64_t, uint64_t, double, void*)',
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

export type NativeFunctions = Record<keyof typeof SIGNATURES, (...values: unknown[]) => number>;
const DTYPES = ['float32', 'float64', 'bfloat16', 'int32', 'int64', 'bool', 'uint8'] as const;
export type DtypeName = (typeof DTYPES)[number];

export interface Native {
  readonly c: NativeFunctions;
  readonly dtypes: Readonly<Record<DtypeName, number>>;
  /** Such as `2.15.0`. */
  readonly version: string;
  readonly library: string;
}

let opened: Native | undefined;

/**
 * Loads libtorch once in a process and binds its functions.
 *
 * @param library folder that holds libtorch_cpu
 * @throws EngineError when the file is missing, does not load, is too old, or another one is loaded already
 */
export function openNative(library: string): Native {
  if (opened && opened.library !== library)
    throw new EngineError(
      `libtorch is loaded from ${opened.library} already; start a new process to load ${library}.`,
      { library },
    );
  opened ??= load(library);
  return opened;
}

/** The library in use. @throws EngineError before {@link openNative} */
export function native(): Native {
  if (!opened) throw new EngineError('libtorch is not loaded yet: call registerTorchBackend first.');
  return opened;
}

function load(library: string): Native {
  const name = LIBRARY[process.platform];
  const file = name && join(library, name);
  if (!file || !existsSync(file))
    throw new EngineError(
      `expected libtorch (${name ?? `unknown on ${process.platform}`}) in ${library}, but it is not there; run "longtail engine install".`,
      { library },
    );
  const c = {} as NativeFunctions;
  let symbol = '';
  try {
    const lib = koffi.load(file);
    for (const [key, signature] of Object.entries(SIGNATURES)) {
      symbol = signature;
      c[key as keyof NativeFunctions] = lib.func(signature);
    }
  } catch (cause) {
    const why = symbol ? `it lacks "${symbol}", so it is older than 2.13` : (cause as Error).message;
    throw new EngineError(
      `libtorch in ${library} cannot be used: ${why}; run "longtail engine install".`,
      { library },
      { cause },
    );
  }
  c.setGradMode(false); // tfjs keeps its own tape
  const abi = BigInt(c.version());
  const version = [abi >> 56n, (abi >> 48n) & 255n, (abi >> 40n) & 255n].join('.');
  const dtypes = Object.fromEntries(DTYPES.map((d) => [d, c[d]()]));
  return { c, dtypes: dtypes as Native['dtypes'], version, library };
}
