import { EngineError } from '@longtail/core';
import { mpiInstallations } from '@longtail/test-support/mpi';
import koffi from 'koffi';
import { describe, expect, it } from 'vitest';
import { abiOf } from '../src/abi.ts';
import { mpiCandidates } from '../src/find-mpi.ts';
import { findLauncher } from '../src/launcher.ts';
import { loadMpi } from '../src/load-mpi.ts';

describe('who started this process', () => {
  it.each([
    ['nobody', {}, undefined],
    ['mpirun -n 1', { PMI_SIZE: '1', PMI_RANK: '0' }, undefined],
    ['mpirun of MPICH', { PMI_SIZE: '4', PMI_RANK: '0' }, { family: 'mpich', size: 4 }],
    ['mpirun of Open MPI', { OMPI_COMM_WORLD_SIZE: '2' }, { family: 'openmpi', size: 2 }],
    ['srun --mpi=pmi2', { SLURM_STEP_NUM_TASKS: '8', PMI_SIZE: '8' }, { family: 'mpich', size: 8 }],
    ['srun --mpi=pmix', { SLURM_STEP_NUM_TASKS: '8', PMIX_RANK: '0' }, { family: 'any', size: 8 }],
    ['a batch script of 8 tasks, outside of srun', { SLURM_NTASKS: '8', SLURM_PROCID: '0' }, undefined],
  ])('%s', (_, environment, launcher) => {
    if (launcher) expect(findLauncher(environment)).toMatchObject(launcher);
    else expect(findLauncher(environment)).toBeUndefined();
  });
});

describe('its library', () => {
  const launcher = { name: 'mpirun', family: 'mpich', size: 2 } as const;

  it('is looked for by the family that the launcher is of', () => {
    expect(mpiCandidates(launcher, []).join()).toMatch(/mpi_abi.*mpi\..*12/);
    expect(mpiCandidates({ ...launcher, family: 'openmpi' }, []).join()).toMatch(
      /^libmpi\.(so\.40|40\.dylib)$/,
    );
  });

  it('is missed in a sentence that says how to get one', () => {
    const load = () => loadMpi(launcher, { library: '/nowhere/libmpi.so' });
    expect(load).toThrow(EngineError);
    expect(load).toThrow(/started 2 processes.*pip install mpich, apt install mpich,.*LONGTAIL_MPI\.$/s);
  });

  const mpich = mpiInstallations().find(({ name }) => name === 'MPICH')?.environment.LONGTAIL_MPI;
  it.runIf(mpich)('is of the kind that its file is named for, whatever its folder is called', () => {
    const { world } = abiOf(koffi.load(mpich!, { lazy: true }), '/opt/mpi_abi/lib/libmpi.so.12');
    expect(world).toBe(0x44000000n);
  });

  it.runIf(process.platform === 'linux')('must be one', () => {
    expect(() => loadMpi(launcher, { library: 'libm.so.6' })).toThrow(
      /expected an MPI library, but libm\.so\.6 has no/,
    );
  });
});
