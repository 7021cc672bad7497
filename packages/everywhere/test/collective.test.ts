/** The processes of mpirun on libtorch, whose tensors are summed where they lie. */
import { join } from 'node:path';
import { mpiInstallations, mpirun } from '@longtail/test-support/mpi';
import { torchLibrary } from '@longtail/test-support/native';
import { expect, it } from 'vitest';

const loader = join(import.meta.dirname, '../src/load-torch.ts');
const program = join(import.meta.dirname, '../../collective/test/programs/sums.ts');
const [installation] = mpiInstallations();

it.runIf(installation && torchLibrary())(
  'two processes compute what one does',
  { timeout: 120_000 },
  async () => {
    const { code, stdout, stderr } = await mpirun(installation!, 2, ['--import', loader, program, 'torch']);
    expect(code, stderr).toBe(0);
    expect(stdout.match(/on torch by mpi: good/g)).toHaveLength(2);
  },
);
