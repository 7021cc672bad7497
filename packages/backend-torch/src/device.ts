/** Where tensors live, as plain data: all that this backend must know to tell one device of libtorch from another. */

export interface DeviceTraits {
  /** The name in libtorch's C functions: `aoti_torch_device_type_<kind>`, `aoti_torch_<kind>_add_Tensor`. */
  readonly kind: 'cpu' | 'cuda' | 'mps';
  /** JavaScript reads and writes the tensors where they lie; else values are copied, and wrong places found, by way of the host. */
  readonly isHost: boolean;
  /** A copy to it goes on by itself: from pinned memory, which libtorch does not use again before the copy is done. */
  readonly isPinned: boolean;
  readonly hasFloat64: boolean;
  /** What its kernels come from, beside libtorch_cpu, by platform. */
  readonly libraries: Readonly<Record<string, readonly string[]>>;
  /** In an error: what is wanted, and what to do where it does not answer. */
  readonly title: string;
  readonly remedy: string;
}

const CPU: DeviceTraits = {
  kind: 'cpu',
  isHost: true,
  isPinned: false,
  hasFloat64: true,
  libraries: {},
  title: 'CPU',
  remedy: '',
};

/** Not run on a GPU so far. */
const CUDA: DeviceTraits = {
  kind: 'cuda',
  isHost: false,
  isPinned: true,
  hasFloat64: true,
  libraries: {
    linux: ['libc10_cuda.so', 'libtorch_cuda.so'],
    win32: ['c10_cuda.dll', 'torch_cuda.dll'],
  },
  title: 'CUDA GPU',
  remedy: "install NVIDIA's driver (for CUDA 13: 580 or newer)",
};

/** Not run so far. Its kernels are in libtorch_cpu. A copy to it waits: it would read the host's memory after it is freed. */
const MPS: DeviceTraits = {
  kind: 'mps',
  isHost: false,
  isPinned: false,
  hasFloat64: false,
  libraries: {},
  title: "GPU of Apple's (MPS)",
  remedy: 'use a Mac with Apple silicon and macOS 14 or newer',
};

/** The CPU as if its memory were out of reach: whatever a GPU needs but its kernels, on every machine, for the tests. */
const APART: DeviceTraits = { ...CPU, isHost: false, hasFloat64: false };

export type DeviceName = 'cpu' | 'gpu';

export function traitsOf(name: DeviceName | 'apart', platform: string = process.platform): DeviceTraits {
  if (name === 'cpu') return CPU;
  if (name === 'apart') return APART;
  return platform === 'darwin' ? MPS : CUDA;
}
