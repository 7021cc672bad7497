/** Real processes, started by each mpirun that is here, one for each binary interface of MPI. */
import { join } from 'node:path';
import { mpiInstallations, mpirun } from '@longtail/test-support/mpi';
import { describe, expect, it } from 'vitest';

const installations = mpiInstallations();
const program = (name: string): string => join(import.meta.dirname, 'programs', name);

describe.each(installations)('$name', (installation) => {
  const isFirst = installation === installations[0];
  it.for(isFirst ? [1, 2, 4] : [2])('%i processes compute what one does', async (ranks) => {
    const { code, stdout, stderr } = await mpirun(installation, ranks, [program('sums.ts'), 'cpu']);
    expect(code, stderr).toBe(0);
    const transport = ranks === 1 ? 'alone' : 'mpi';
    expect(stdout.trim().split('\n').sort()).toEqual(
      Array.from({ length: ranks }, (_, rank) => `rank ${rank} of ${ranks} on cpu by ${transport}: good`),
    );
  });
});
