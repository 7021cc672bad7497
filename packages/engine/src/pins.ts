/**
 * The wheels that libtorch comes from, by hash, and the few files of them that the CPU needs (readelf -d
 * libtorch_cpu.so: on Linux it wants the CUDA runtime and profiler libraries even on a CPU).
 * Run here: linux-x64. The others are pinned from the wheels' contents and have not been run. linux-arm64 is left out:
 * its libtorch also wants NVIDIA's BLAS and LAPACK, which nobody has tried from here (LONGTAIL_TORCH works there).
 */
import type { Device } from './installed.ts';

const TORCH_VERSION = '2.15.0';

export interface PinnedWheel {
  readonly requirement: string;
  readonly sha256: string;
  readonly bytes: number;
  readonly files: readonly string[];
}
export interface Pin {
  /** What pip calls the platform: tags that the wheels may bear. */
  readonly pipPlatforms: readonly string[];
  /** The oldest C library that the wheel runs on. */
  readonly glibc?: string;
  readonly wheels: readonly PinnedWheel[];
  readonly npm?: PinnedPackage;
}

/** A native library as it is installed, and spoken of. */
export interface PinnedLibrary {
  readonly title: string;
  readonly version: string;
  readonly device: Device;
  /** What else to do where it cannot be had. */
  readonly otherwise: string;
  readonly pins: Readonly<Record<string, Pin>>;
}

export interface PinnedPackage {
  readonly requirement: string;
  /** As the registry gives it, sha512. */
  readonly integrity: string;
  /** Where it is unpacked, below the installation. */
  readonly folder: string;
}

const torchWheel = (sha256: string, bytes: number, files: readonly string[]): PinnedWheel => ({
  requirement: `torch==${TORCH_VERSION}`,
  sha256,
  bytes,
  files: files.map((file) => `torch/lib/${file}`),
});
/** A wheel of NVIDIA's, and which of its libraries are wanted: all lie in `nvidia/<folder>/lib`. */
export const nvidia = (
  requirement: string,
  {
    sha256,
    bytes,
    folder,
    names,
  }: { sha256: string; bytes: number; folder: string; names: readonly string[] },
): PinnedWheel => ({
  requirement,
  sha256,
  bytes,
  files: names.map((name) => `nvidia/${folder}/lib/lib${name}`),
});
/** The parts of cuDNN 9: the first loads the others when it wants them. */
export const CUDNN: readonly string[] = [
  'cudnn.so.9',
  'cudnn_adv.so.9',
  'cudnn_cnn.so.9',
  'cudnn_engines_precompiled.so.9',
  'cudnn_engines_runtime_compiled.so.9',
  'cudnn_engines_tensor_ir.so.9',
  'cudnn_ext.so.9',
  'cudnn_graph.so.9',
  'cudnn_heuristic.so.9',
  'cudnn_ops.so.9',
];

/** pip takes no wheel of an older tag for granted. */
export const manylinux = (machine: string): string[] =>
  ['_2_28', '_2_27', '_2_25', '_2_18', '_2_17', '2014', '_2_12'].map((tag) => `manylinux${tag}_${machine}`);

/** One wheel for both devices; `more`: what a GPU needs beside. */
export const linuxTorch = (more: readonly string[] = []): PinnedWheel =>
  torchWheel('48c2d861134c0b5697c7602cb5ffa68f62a2989fdcd1717e593356f67996ca1e', 539136850, [
    'libtorch_cpu.so',
    'libc10.so',
    'libgomp.so.1',
    ...more,
  ]);

/** What libtorch_cpu wants of CUDA, even on a CPU. */
export const CUDA_ALWAYS: readonly PinnedWheel[] = [
  nvidia('nvidia-cuda-runtime==13.2.86', {
    sha256: '3498247680dfddce31bad102af7e3e26fc795342a3cac64722bb0fa95e7f60f0',
    bytes: 2323576,
    folder: 'cu13',
    names: ['cudart.so.13'],
  }),
  nvidia('nvidia-cuda-cupti==13.2.86', {
    sha256: '8fa29f15dd8336181f961764d9d95236fc6b931dd0c8fcf8cd70aab0c310b586',
    bytes: 11988600,
    folder: 'cu13',
    names: ['cupti.so.13'],
  }),
];

const PINS: Readonly<Record<string, Pin>> = {
  'linux-x64': {
    pipPlatforms: manylinux('x86_64'),
    glibc: '2.28',
    wheels: [linuxTorch(), ...CUDA_ALWAYS],
  },
  'darwin-arm64': {
    pipPlatforms: ['macosx_14_0_arm64'],
    wheels: [
      torchWheel('e808b63d616a43b326e1a5677d45a2e5babe7a8ce27edb03ddb48e7dd9b6d663', 138527954, [
        'libtorch_cpu.dylib',
        'libc10.dylib',
        'libomp.dylib',
      ]),
    ],
  },
  'win32-x64': {
    pipPlatforms: ['win_amd64'],
    wheels: [
      torchWheel('d2c5938f593a47cf6d151a16d130a3cc3f0c105df1b905a571efc00b01e38c1f', 126720349, [
        'torch_cpu.dll',
        'c10.dll',
        'libiomp5md.dll',
        'uv.dll',
      ]),
    ],
  },
};

export const TORCH: PinnedLibrary = {
  title: 'libtorch',
  version: TORCH_VERSION,
  device: 'cpu',
  otherwise: 'set LONGTAIL_TORCH to a torch of your own',
  pins: PINS,
};
