/**
 * The wheels that TensorFlow comes from, by hash, and tfjs-node-gpu's package. For a GPU: the wheels of its extra `and-cuda`
 * (CUDA 12), all but the compiler, which only XLA wants. Fetched and loaded here (3.3 GB, 5.2 GB unpacked); not run on
 * a GPU so far.
 */
import { CUDNN, manylinux, nvidia, type Pin, type PinnedLibrary, type PinnedWheel } from './pins.ts';

const VERSION = '2.21.0';

const tensorflow = (name: string, sha256: string, bytes: number): PinnedWheel => ({
  requirement: `${name}==${VERSION}`,
  sha256,
  bytes,
  files: ['tensorflow/libtensorflow_cc.so.2', 'tensorflow/libtensorflow_framework.so.2'],
});

const pin = (wheels: readonly PinnedWheel[]): Pin => ({
  pipPlatforms: manylinux('x86_64').filter((tag) => !tag.includes('2_28')),
  glibc: '2.27',
  wheels,
  npm: {
    requirement: '@tensorflow/tfjs-node-gpu@4.22.0',
    integrity:
      'sha512-p//NN6DGiN4hInUmIkRffaFVMcdTREUMjPyjW04J7OXvB2zBlQimj61eFKSgRrH3f5TnOfKzb0n56he/B6a4bw==',
    folder: 'tfjs-node-gpu',
  },
});

const otherwise = 'take the backend torch or wasm';

export const TENSORFLOW: PinnedLibrary = {
  title: 'TensorFlow',
  version: VERSION,
  device: 'cpu',
  otherwise,
  pins: {
    'linux-x64': pin([
      tensorflow(
        'tensorflow-cpu',
        '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
        273829956,
      ),
    ]),
  },
};

export const TENSORFLOW_GPU: PinnedLibrary = {
  title: 'TensorFlow for CUDA',
  version: VERSION,
  device: 'gpu',
  otherwise,
  pins: {
    'linux-x64': pin([
      tensorflow('tensorflow', '9056fbc9ba04235810b71ae6cbd958a196e8804fb53bbcffbf3e23b56155f124', 572440367),
      nvidia('nvidia-cuda-runtime-cu12==12.9.79', {
        sha256: '25bba2dfb01d48a9b59ca474a1ac43c6ebf7011f1b0b8cc44f54eb6ac48a96c3',
        bytes: 3493179,
        folder: 'cuda_runtime',
        names: ['cudart.so.12'],
      }),
      nvidia('nvidia-cuda-cupti-cu12==12.9.79', {
        sha256: '096bcf334f13e1984ba36685ad4c1d6347db214de03dbb6eebb237b41d9d934f',
        bytes: 10814997,
        folder: 'cuda_cupti',
        names: ['cupti.so.12'],
      }),
      nvidia('nvidia-cuda-nvrtc-cu12==12.9.86', {
        sha256: '210cf05005a447e29214e9ce50851e83fc5f4358df8b453155d5e1918094dcb4',
        bytes: 89568129,
        folder: 'cuda_nvrtc',
        names: ['nvrtc.so.12', 'nvrtc-builtins.so.12.9'],
      }),
      nvidia('nvidia-cublas-cu12==12.9.3.13', {
        sha256: 'd7d51055f161b317c7105ddaae90e71eda059026074ffef93cf7cde2886bfe72',
        bytes: 581217458,
        folder: 'cublas',
        names: ['cublas.so.12', 'cublasLt.so.12'],
      }),
      nvidia('nvidia-cufft-cu12==11.4.1.4', {
        sha256: 'c67884f2a7d276b4b80eb56a79322a95df592ae5e765cf1243693365ccab4e28',
        bytes: 200877592,
        folder: 'cufft',
        names: ['cufft.so.11'],
      }),
      nvidia('nvidia-curand-cu12==10.3.10.19', {
        sha256: '49b274db4780d421bd2ccd362e1415c13887c53c214f0d4b761752b8f9f6aa1e',
        bytes: 68295626,
        folder: 'curand',
        names: ['curand.so.10'],
      }),
      nvidia('nvidia-cusolver-cu12==11.7.5.82', {
        sha256: '15da72d1340d29b5b3cf3fd100e3cd53421dde36002eda6ed93811af63c40d88',
        bytes: 338117415,
        folder: 'cusolver',
        names: ['cusolver.so.11'],
      }),
      nvidia('nvidia-cusparse-cu12==12.5.10.65', {
        sha256: '73060ce019ac064a057267c585bf1fd5a353734151f87472ff02b2c5c9984e78',
        bytes: 366465088,
        folder: 'cusparse',
        names: ['cusparse.so.12'],
      }),
      nvidia('nvidia-nvjitlink-cu12==12.9.86', {
        sha256: 'e3f1171dbdc83c5932a45f0f4c99180a70de9bd2718c1ab77d14104f6d7147f9',
        bytes: 39748338,
        folder: 'nvjitlink',
        names: ['nvJitLink.so.12'],
      }),
      nvidia('nvidia-cudnn-cu12==9.28.0.42', {
        sha256: '9ff58b7f36dacd0a93e89f8f2957b52466889217963701daa15e577317cfa375',
        bytes: 716538495,
        folder: 'cudnn',
        names: CUDNN,
      }),
      nvidia('nvidia-nccl-cu12==2.32.3', {
        sha256: 'bb94b2348e4861d5e8aa00b36c3d12d9bdf9c6369b82cbb723de0b582280a21c',
        bytes: 351526311,
        folder: 'nccl',
        names: ['nccl.so.2'],
      }),
    ]),
  },
};
