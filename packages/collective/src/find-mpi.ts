/**
 * Where the MPI library is that belongs to the launcher: the two speak a protocol of their own. So it is looked for beside the
 * program that started this process, then where the system's loader finds it.
 */
import { existsSync, readFileSync, readlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Launcher } from './launcher.ts';

const IS_MAC = process.platform === 'darwin';

/** The first is preferred. `libmpi.so` may be either family's: which, its symbols tell. */
const FILES: Readonly<Record<Launcher['family'], readonly string[]>> = {
  mpich: IS_MAC
    ? ['libmpi_abi.1.dylib', 'libmpi.12.dylib', 'libmpich.12.dylib']
    : ['libmpi_abi.so.1', 'libmpi_abi.so.0', 'libmpi.so.12', 'libmpich.so.12', 'libmpich.so'],
  openmpi: IS_MAC ? ['libmpi.40.dylib'] : ['libmpi.so.40'],
  get any() {
    return [...this.mpich, ...this.openmpi];
  },
};

/** The programs that started this process, nearest first; Linux only. */
function ancestors(): string[] {
  const programs: string[] = [];
  try {
    for (let pid = process.ppid; pid > 1 && programs.length < 8; ) {
      programs.push(readlinkSync(`/proc/${pid}/exe`));
      pid = Number(/^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
    }
  } catch {} // another user's process, or another system
  return programs;
}

/** What the system's loader is given, one after another. */
export function mpiCandidates({ family }: Launcher, started: readonly string[] = ancestors()): string[] {
  const beside = started.flatMap((program) =>
    FILES[family].map((file) => join(dirname(program), '../lib', file)),
  );
  return [...beside.filter((file) => existsSync(file)), ...FILES[family]];
}
