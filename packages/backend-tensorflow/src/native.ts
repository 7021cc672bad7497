/**
 * The C functions of TensorFlow that this binding calls (tensorflow/c/c_api.h, c/eager/c_api.h and c/tf_tstring.h of
 * the wheel), declared to koffi. They lie in libtensorflow_cc and libtensorflow_framework, which need one another.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { EngineError, NoGpuError } from '@longtail/core';
import { cutShort } from '@longtail/core/cut-short';
import koffi from 'koffi';

const SIGNATURES = {
  version: 'const char *TF_Version()',
  newStatus: 'void *TF_NewStatus()',
  code: 'int TF_GetCode(void *)',
  message: 'const char *TF_Message(void *)',
  newContextOptions: 'void *TFE_NewContextOptions()',
  setConfig: 'void TFE_ContextOptionsSetConfig(void *, void *, size_t, void *)',
  newContext: 'void *TFE_NewContext(void *, void *)',
  deleteContextOptions: 'void TFE_DeleteContextOptions(void *)',
  listDevices: 'void *TFE_ContextListDevices(void *, void *)',
  deviceCount: 'int TF_DeviceListCount(void *)',
  deviceType: 'const char *TF_DeviceListType(void *, int, void *)',
  deleteDeviceList: 'void TF_DeleteDeviceList(void *)',
  newOp: 'void *TFE_NewOp(void *, const char *, void *)',
  deleteOp: 'void TFE_DeleteOp(void *)',
  addInput: 'void TFE_OpAddInput(void *, uint64_t, void *)',
  execute: 'void TFE_Execute(void *, void *, void *, void *)',
  setString: 'void TFE_OpSetAttrString(void *, const char *, void *, size_t)',
  setInt: 'void TFE_OpSetAttrInt(void *, const char *, int64_t)',
  setInts: 'void TFE_OpSetAttrIntList(void *, const char *, void *, int)',
  setFloat: 'void TFE_OpSetAttrFloat(void *, const char *, float)',
  setFloats: 'void TFE_OpSetAttrFloatList(void *, const char *, void *, int)',
  setBool: 'void TFE_OpSetAttrBool(void *, const char *, uint8_t)',
  setBools: 'void TFE_OpSetAttrBoolList(void *, const char *, void *, int)',
  setType: 'void TFE_OpSetAttrType(void *, const char *, int)',
  setTypes: 'void TFE_OpSetAttrTypeList(void *, const char *, void *, int)',
  setShape: 'void TFE_OpSetAttrShape(void *, const char *, void *, int, void *)',
  allocateTensor: 'void *TF_AllocateTensor(int, void *, int, size_t)',
  deleteTensor: 'void TF_DeleteTensor(void *)',
  tensorData: 'void *TF_TensorData(void *)',
  tensorBytes: 'size_t TF_TensorByteSize(void *)',
  newHandle: 'uint64_t TFE_NewTensorHandle(void *, void *)',
  deleteHandle: 'void TFE_DeleteTensorHandle(uint64_t)',
  handleType: 'int TFE_TensorHandleDataType(uint64_t)',
  handleRank: 'int TFE_TensorHandleNumDims(uint64_t, void *)',
  handleDim: 'int64_t TFE_TensorHandleDim(uint64_t, int, void *)',
  resolve: 'void *TFE_TensorHandleResolve(uint64_t, void *)',
  stringInit: 'void TF_StringInit(uint64_t)',
  stringCopy: 'void TF_StringCopy(uint64_t, void *, size_t)',
  stringDealloc: 'void TF_StringDealloc(uint64_t)',
  stringData: 'void *TF_StringGetDataPointer(uint64_t)',
  stringSize: 'size_t TF_StringGetSize(uint64_t)',
} as const;

/** A serialized ConfigProto (core/protobuf/config.proto). */
const CONFIG = {
  cpu: Buffer.from('0a070a034750551000', 'hex'), // device_count { "GPU": 0 }
  gpu: Buffer.from('32022001', 'hex'), // gpu_options { allow_growth: true }, or it takes all memory at once
} as const;

export type Functions = Record<keyof typeof SIGNATURES, (...values: unknown[]) => unknown>;

export interface Native {
  readonly c: Functions;
  readonly version: string;
  readonly library: string;
  readonly context: unknown;
  readonly isGpu: boolean;
  /** Calls a C function that reports by a status. @throws EngineError with TensorFlow's own message */
  checked<T>(operation: string, run: (status: unknown) => T): T;
}

let opened: Native | undefined;

/**
 * @param library folder of libtensorflow_cc.so.2 and libtensorflow_framework.so.2 (`tensorflow` of the wheel)
 * @param device 'cpu' hides all GPUs from TensorFlow
 * @throws EngineError when they are missing, do not load, or others are loaded already
 * @throws NoGpuError when a GPU is asked for and TensorFlow has found none; it still does for the device 'cpu'
 */
export function openTensorflow(library: string, device: 'cpu' | 'gpu'): Native {
  if (opened && opened.library !== library)
    throw new EngineError(
      `TensorFlow is loaded from ${opened.library} already; start a new process to load ${library}.`,
      { library },
    );
  opened ??= load(library, device);
  if (device === 'gpu' && !opened.isGpu)
    throw new NoGpuError(
      `expected a CUDA GPU for TensorFlow, but it found none; install NVIDIA's driver (for CUDA 12: 525 or newer) and "npx @longtail/engine install tensorflow --gpu", or take the device "cpu".`,
      { library },
    );
  if (device === 'cpu' && opened.isGpu)
    throw new EngineError('TensorFlow runs on a GPU already; start a new process for the CPU.', { library });
  return opened;
}

function load(library: string, device: 'cpu' | 'gpu'): Native {
  const names = ['libtensorflow_framework.so.2', 'libtensorflow_cc.so.2'];
  const missing = names.find((name) => !existsSync(join(library, name)));
  if (missing)
    throw new EngineError(
      `expected ${missing} in ${library}, but it is not there; run "npx @longtail/engine install tensorflow".`,
      { library },
    );
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2'; // its greeting, and what it could be compiled with
  // Where TensorFlow decides, CPUs without AVX512-VNNI have no depthwise convolution with dilations or unequal strides.
  process.env.TF_ENABLE_ONEDNN_OPTS ??= '1';
  const c = {} as Functions;
  try {
    const cut = cutShort(library);
    if (cut) throw new Error(`${cut} is cut short`);
    const files = names.map((name) => join(library, name));
    const libraries = files.map((file) => koffi.load(file, { global: true })).reverse();
    keep(files);
    for (const [key, signature] of Object.entries(SIGNATURES))
      c[key as keyof Functions] = bind(libraries, signature);
  } catch (cause) {
    throw new EngineError(
      `TensorFlow in ${library} cannot be used: ${(cause as Error).message}; run "npx @longtail/engine install tensorflow".`,
      { library },
      { cause },
    );
  }
  const status = c.newStatus();
  const checked: Native['checked'] = (operation, run) => {
    const result = run(status);
    if (c.code(status) !== 0)
      throw new EngineError(`TensorFlow refused ${operation}: ${c.message(status)}`, { operation });
    return result;
  };
  const options = c.newContextOptions();
  checked('its settings', (s) => c.setConfig(options, CONFIG[device], CONFIG[device].length, s));
  const context = checked('a context', (s) => c.newContext(options, s));
  c.deleteContextOptions(options);
  const devices = checked('its devices', (s) => c.listDevices(context, s));
  const types = Array.from({ length: c.deviceCount(devices) as number }, (_, i) =>
    checked('a device', (s) => c.deviceType(devices, i, s)),
  );
  c.deleteDeviceList(devices);
  return { c, version: c.version() as string, library, context, isGpu: types.includes('GPU'), checked };
}

/** RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE of Linux's dlfcn.h. */
const KEEP = 0x2 | 0x4 | 0x1000;

/** Keeps libraries to the end: TensorFlow's threads outlive koffi, which closes them, and the process would crash. */
function keep(files: readonly string[]): void {
  const open = koffi.load(null).func('void *dlopen(const char *, int)');
  for (const file of files) open(file, KEEP);
}

function bind(libraries: ReturnType<typeof koffi.load>[], signature: string): Functions[keyof Functions] {
  let last: unknown;
  for (const library of libraries)
    try {
      return library.func(signature) as Functions[keyof Functions];
    } catch (error) {
      last = error;
    }
  throw last;
}
