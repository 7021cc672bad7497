/** `longtail engine install|status|verify`. */
import { EngineError, NoGpuError, UsageError } from '@longtail/core';
import type { EngineStatus, InstallOptions, InstallProgress } from '@longtail/engine';
import { Argument, Command } from 'commander';
import { facts } from '../text/wrap.ts';
import { asTyped, bundleFolder } from './command-name.ts';
import { bar } from './progress.ts';
import { columnsOf, print, printJson, tell } from './terminal.ts';

/** Where there is no libtorch. */
const next = (): string =>
  bundleFolder() === undefined
    ? 'longtail engine install'
    : `put a libtorch into ${bundleFolder()}/torch ("longtail bundle --with-torch" does), set LONGTAIL_TORCH to the folder of a torch, 2.11 or newer, or let python3 have one`;

function describe(status: EngineStatus): string {
  const { gpu } = status;
  const torch = `torch ${status.version ?? ''} on the ${status.device} (from ${status.source})`;
  const rows: [string, string][] = [
    ['backend', status.library ? torch : 'wasm'],
    ...(status.library ? [['library', status.library] as [string, string]] : []),
    ['tensorflow', status.tensorflow ?? 'not installed: longtail engine install tensorflow'],
    ['gpu', gpu.name ?? `none answers: ${gpu.why}`],
    ['  torch', gpu.torch ?? 'not installed: longtail engine install torch --gpu'],
    ['  tensorflow', gpu.tensorflow ?? 'not installed: longtail engine install tensorflow --gpu'],
    ['cache', status.cache],
    ['machine', `${status.platform}${status.glibc ? `, glibc ${status.glibc}` : ''}, Node ${status.node}`],
    ...status.passedOver.map((reason): [string, string] => ['passed over', reason]),
    ...(status.library ? [] : [['next', next()] as [string, string]]),
  ];
  const typed = rows.map(([name, value]) => [name, asTyped(value)] as const);
  return facts(typed, { width: columnsOf(process.stdout) });
}

/** Draws the phases of an installation on stderr. */
export function installProgress(title: string): {
  show: (progress: InstallProgress) => void;
  stop: () => void;
} {
  const download = bar(title, { unit: 'MB', counts: true });
  let last = '';
  return {
    show({ phase, done, total }) {
      if (phase === 'download') download.update(Math.round(done / 1e6), Math.round(total / 1e6));
      else if (phase !== last && phase !== 'waiting') {
        download.stop();
        tell(`${title}: ${phase}`);
      }
      last = phase;
    },
    stop: download.stop,
  };
}

const TITLES = { torch: 'libtorch', tensorflow: 'TensorFlow', mpi: 'MPICH', openmpi: 'Open MPI' } as const;
type Library = keyof typeof TITLES;
interface InstallFlags {
  readonly gpu?: boolean;
  readonly orContinue?: boolean;
  readonly json?: boolean;
}

interface Installed {
  readonly found: object;
  readonly text: string;
  readonly noGpu?: string | undefined;
}

async function fetchLibrary(
  library: Library,
  isForGpu: boolean,
  options: InstallOptions,
): Promise<Installed> {
  const { installMpi, installTensorflow, installTorch } = await import('@longtail/engine');
  const title = TITLES[library];
  if (library === 'mpi' || library === 'openmpi') {
    if (isForGpu) throw new UsageError(`${title} is the same for a GPU; leave --gpu out.`);
    const found = await installMpi(library, options);
    return { found, text: `${title} ${found.version} is ready; start processes with ${found.mpirun}` };
  }
  const found = await (library === 'torch' ? installTorch : installTensorflow)({
    ...options,
    device: isForGpu ? 'gpu' : 'cpu',
  });
  const { version = '', library: folder, noGpu } = found;
  return { found, text: `${title} ${version} is ready in ${folder}`, noGpu };
}

/** @throws NoGpuError when all is installed for a GPU, but none answers */
async function install(
  library: Library,
  { gpu = false, orContinue = false, json = false, signal }: InstallFlags & { signal: AbortSignal },
): Promise<void> {
  const progress = installProgress(TITLES[library]);
  try {
    const { found, text, noGpu } = await fetchLibrary(library, gpu, { onProgress: progress.show, signal });
    if (json) printJson(found);
    else print(text);
    if (noGpu) throw new NoGpuError(`It stays installed, but no GPU answers: ${noGpu}`);
  } catch (error) {
    if (!orContinue || !(error instanceof EngineError)) throw error;
    tell(`${error.message} Going on without it.`);
  } finally {
    progress.stop();
  }
}

export function engineCommand({ signal }: { signal: AbortSignal }): Command {
  const command = new Command('engine').description('the native library behind the numbers');
  command
    .command('install')
    .description('take an installed PyTorch, or fetch a library into the cache that all checkouts share')
    .addArgument(new Argument('[library]').choices(Object.keys(TITLES)).default('torch'))
    .option(
      '--gpu',
      'with the libraries of CUDA (torch 2.7 GB to fetch, tensorflow 3.3); not run on a GPU so far',
    )
    .option('--or-continue', 'end well even if it cannot be had')
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      '\nExamples:\n  longtail engine install\n  longtail engine install tensorflow\n  longtail engine install torch --gpu\n  longtail engine install mpi\n  LONGTAIL_TORCH=/opt/venv/lib/python3.12/site-packages/torch longtail engine install',
    )
    .action((library: Library, flags: InstallFlags) => install(library, { ...flags, signal }));
  command
    .command('status')
    .description('which backend would be loaded, from where, and why not another; whether a GPU answers')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  longtail engine status --json')
    .action(async ({ json }: { json?: boolean }) => {
      const { engineStatus } = await import('@longtail/engine');
      const status = await engineStatus();
      if (json) printJson(status);
      else print(describe(status));
    });
  command
    .command('verify')
    .description(
      'read every byte of what is installed against its hashes, and load and try it in a process of its own',
    )
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  longtail engine verify')
    .action(async ({ json }: { json?: boolean }) => {
      const { verificationText, verifyInstallations } = await import('@longtail/engine');
      const found = await verifyInstallations();
      if (json) printJson(found);
      else print(verificationText(found));
      const broken = found.filter(({ problem }) => problem);
      if (broken.length > 0)
        throw new EngineError(
          `${broken.length} of ${found.length} do not work; run "longtail engine install" for each.`,
        );
    });
  return command;
}
