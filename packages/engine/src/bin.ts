#!/usr/bin/env node
/** `npx @longtail/engine install|status|verify`: the native library, for who has this package alone. */
import { parseArgs } from 'node:util';
import { LongtailError, UsageError } from '@longtail/core';
import type { InstallProgress } from './fetch-pinned.ts';
import { installMpi } from './install-mpi.ts';
import { installTorch } from './install-torch.ts';
import type { MpiLibrary } from './installed.ts';
import { MPI } from './pins-mpi.ts';
import { engineStatus } from './status.ts';
import { installTensorflow } from './tensorflow.ts';
import { TITLES } from './verify.ts';
import { verificationText, verifyInstallations } from './verify-installations.ts';

const USAGE = `usage: npx @longtail/engine install [torch|tensorflow] [--gpu]
       npx @longtail/engine install mpi|openmpi
       npx @longtail/engine status | verify`;

/** A line on stderr for each phase, and for each tenth of a download. */
function progress(): (progress: InstallProgress) => void {
  let last = '';
  return ({ phase, done, total }) => {
    const line = total > 0 ? `${phase} ${10 * Math.floor((10 * done) / total)} %` : phase;
    if (line !== last) process.stderr.write(`${line}\n`);
    last = line;
  };
}

async function installedMpi(name: MpiLibrary): Promise<number> {
  const { mpirun, version } = await installMpi(name, { onProgress: progress() });
  console.log(`${MPI[name].title} ${version} starts processes by ${mpirun}`);
  return 0;
}

const COMMANDS: Readonly<Record<string, (name: string, isForGpu: boolean) => Promise<number>>> = {
  async install(name, isForGpu) {
    if (Object.hasOwn(MPI, name)) return installedMpi(name as MpiLibrary);
    if (!Object.hasOwn(TITLES, name))
      throw new UsageError(`expected torch, tensorflow, mpi or openmpi to install, but got "${name}".`);
    const installed = await (name === 'torch' ? installTorch : installTensorflow)({
      device: isForGpu ? 'gpu' : 'cpu',
      onProgress: progress(),
    });
    console.log(
      `${TITLES[name as keyof typeof TITLES]} ${installed.version ?? ''} is in ${installed.library}`,
    );
    if (installed.noGpu) console.error(installed.noGpu);
    return installed.noGpu ? 1 : 0;
  },
  async status() {
    console.log(JSON.stringify(await engineStatus(), null, 2));
    return 0;
  },
  async verify() {
    const found = await verifyInstallations();
    console.log(verificationText(found));
    return found.some(({ problem }) => problem) ? 1 : 0;
  },
};

/** @returns the exit code: 0 done, 1 failed, 2 wrong usage */
async function main(): Promise<number> {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { gpu: { type: 'boolean', default: false }, help: { type: 'boolean', default: false } },
    });
    const [command = '', name = 'torch'] = positionals;
    if (values.help) console.log(USAGE);
    else if (Object.hasOwn(COMMANDS, command)) return await COMMANDS[command]!(name, values.gpu);
    else throw new UsageError(`expected install, status or verify, but got "${command}".\n${USAGE}`);
    return 0;
  } catch (error) {
    const isUsage = error instanceof UsageError || (error as { code?: string }).code?.startsWith('ERR_PARSE');
    console.error(error instanceof LongtailError || isUsage ? (error as Error).message : error);
    return isUsage ? 2 : 1;
  }
}

process.exitCode = await main();
