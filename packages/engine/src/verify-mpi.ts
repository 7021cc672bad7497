/** Starts two processes with an mpirun and has them sum a number: whether library and launcher find one another. */
import { execFile } from 'node:child_process';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { EngineError } from '@longtail/core';
import type { MpiLibrary } from './installed.ts';
import { MPI } from './pins-mpi.ts';

const PROGRAM = join(import.meta.dirname, `verify-mpi-program${extname(import.meta.filename)}`);

/** Open MPI starts nothing for root, nor more processes than cores, unless it is told to. */
const LENIENT = {
  OMPI_ALLOW_RUN_AS_ROOT: '1',
  OMPI_ALLOW_RUN_AS_ROOT_CONFIRM: '1',
  PRTE_MCA_rmaps_default_mapping_policy: ':oversubscribe',
};

/** @throws EngineError when it does not run, or sums something else */
export async function verifyMpi(name: MpiLibrary, mpirun: string): Promise<void> {
  const { LONGTAIL_MPI: _, ...own } = process.env; // its own library is meant
  try {
    await promisify(execFile)(mpirun, ['-n', '2', process.execPath, PROGRAM], {
      timeout: 60_000,
      env: { ...own, ...LENIENT },
    });
  } catch (cause) {
    const { stderr = '' } = cause as { stderr?: string };
    const line = stderr.split('\n').find((text) => /error|rank|cannot|no such/i.test(text)) ?? String(cause);
    throw new EngineError(
      `${MPI[name].title} does not work here (${mpirun}): ${line.trim().replace(/\.$/, '')}.`,
      { mpirun, stderr },
      { cause },
    );
  }
}
