/**
 * libtorch for a GPU, by hash: the libraries that `readelf -d libtorch_cuda.so` names, and what cuDNN, NVRTC and the
 * linear algebra load later. Fetched and loaded here (2.7 GB, 3.8 GB unpacked); not run on a GPU so far.
 */
import { CUDA_ALWAYS, CUDNN, linuxTorch, manylinux, nvidia, type PinnedLibrary, TORCH } from './pins.ts';

export const TORCH_GPU: PinnedLibrary = {
  title: 'libtorch for CUDA',
  version: TORCH.version,
  device: 'gpu',
  otherwise: 'set LONGTAIL_TORCH to a torch of your own that was built for CUDA (for Windows PyPI has none)',
  pins: {
    'linux-x64': {
      pipPlatforms: manylinux('x86_64'),
      glibc: '2.28',
      wheels: [
        linuxTorch([
          'libc10_cuda.so',
          'libtorch_cuda.so',
          'libtorch_cuda_linalg.so',
          'libtorch_nvshmem.so',
          'libcaffe2_nvrtc.so',
        ]),
        ...CUDA_ALWAYS,
        nvidia('nvidia-cuda-nvrtc==13.2.86', {
          sha256: '8111c5130e967b78222ea2124145f8efe9ce201b752b2579a2513100a53be1c5',
          bytes: 47018468,
          folder: 'cu13',
          names: ['nvrtc.so.13', 'nvrtc-builtins.so.13.2'],
        }),
        nvidia('nvidia-cublas==13.4.1.3', {
          sha256: 'a5917cb642cfb07f4a0231ee16aec7e2e0357d8cb8b1b78a0c9c68dba3e6afc7',
          bytes: 404870805,
          folder: 'cu13',
          names: ['cublas.so.13', 'cublasLt.so.13'],
        }),
        nvidia('nvidia-cufft==12.2.0.57', {
          sha256: '34da27fadf3979b0b042c43823f0530be8408b86df31ee0108e1ca0b621d4ef6',
          bytes: 218258101,
          folder: 'cu13',
          names: ['cufft.so.12'],
        }),
        nvidia('nvidia-cufile==1.17.1.22', {
          sha256: '87feaf8c3ad20d3d03a01933181801ff6892bace5c8f0b1e4b48f319d3e62d36',
          bytes: 1387670,
          folder: 'cu13',
          names: ['cufile.so.0'],
        }),
        nvidia('nvidia-cusolver==12.2.0.11', {
          sha256: 'fab5778f6769947389a1a6abc07e635576825a08c0ffc68c3ae7f1392c794b42',
          bytes: 227913465,
          folder: 'cu13',
          names: ['cusolver.so.12'],
        }),
        nvidia('nvidia-cusparse==12.7.10.12', {
          sha256: '25907c75e4db1581685f06f61cc6cdecc04611765516a52373e0a18ebd69fa00',
          bytes: 150999307,
          folder: 'cu13',
          names: ['cusparse.so.12'],
        }),
        nvidia('nvidia-nvjitlink==13.5.37', {
          sha256: '280d7cb9649704145f074b8dbde500de04ce02d0872e066e20a83c17bcaa93eb',
          bytes: 46642491,
          folder: 'cu13',
          names: ['nvJitLink.so.13'],
        }),
        nvidia('nvidia-cudnn-cu13==9.26.0.51', {
          sha256: '9c976d539786698c71d6bcdbe2053b7485fae062ff7e1215d2f2ff67b1a2149a',
          bytes: 519150073,
          folder: 'cudnn',
          names: CUDNN,
        }),
        nvidia('nvidia-cusparselt-cu13==0.8.1', {
          sha256: '786ce87568c303fadb5afcc7102d454cd3040d75f6f8626f5db460d1871f4dd0',
          bytes: 170148586,
          folder: 'cusparselt',
          names: ['cusparseLt.so.0'],
        }),
        nvidia('nvidia-nccl-cu13==2.30.7', {
          sha256: 'cefa7fdb9710efd0f39c5f1be1d61ff6fc9a996c451265bd7fbdcf9455ed4b50',
          bytes: 215965170,
          folder: 'nccl',
          names: ['nccl.so.2'],
        }),
        nvidia('nvidia-nvshmem-cu13==3.7.2', {
          sha256: 'b9a4f843c62b5dded8ad33fd6d220e007dcd39f06cee549292f5ba14ce4c235c',
          bytes: 135397797,
          folder: 'nvshmem',
          names: ['nvshmem_host.so.3'],
        }),
      ],
    },
  },
};
