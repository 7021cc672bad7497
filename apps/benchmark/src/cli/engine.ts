/** `longtail engine install|status`. */
import { EngineError, NoGpuError } from '@longtail/core';
import type { EngineStatus, InstallProgress } from '@longtail/engine';
import { Argument, Command } from 'commander';
import { bar } from './progress.ts';

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
    ...(status.library ? [] : [['next', 'longtail engine install'] as [string, string]]),
  ];
  return rows.map(([name, value]) => `${name.padEnd(14)}${value}`).join('\n');
}

/** Draws the phases of an installation on stderr. */
export function installProgress(title: string): {
  show: (progress: InstallProgress) => void;
  stop: () => void;
} {
  const download = bar(`${title} {bar} {value}/{total} MB  {rate} MB/s  ETA {eta_formatted}`);
  let last = '';
  return {
    show({ phase, done, total }) {
      if (phase === 'download') download.update(Math.round(done / 1e6), Math.round(total / 1e6));
      else if (phase !== last && phase !== 'waiting') {
        download.stop();
        process.stderr.write(`${title}: ${phase}\n`);
      }
      last = phase;
    },
    stop: download.stop,
  };
}

const TITLES = { torch: 'libtorch', tensorflow: 'TensorFlow' } as const;
type Library = keyof typeof TITLES;
interface InstallFlags {
  readonly gpu?: boolean;
  readonly orContinue?: boolean;
  readonly json?: boolean;
}

/** @throws NoGpuError when all is installed for a GPU, but none answers */
async function install(
  library: Library,
  { gpu = false, orContinue = false, json = false, signal }: InstallFlags & { signal: AbortSignal },
): Promise<void> {
  const { installTensorflow, installTorch } = await import('@longtail/engine');
  const title = TITLES[library];
  const progress = installProgress(title);
  try {
    const found = await (library === 'torch' ? installTorch : installTensorflow)({
      device: gpu ? 'gpu' : 'cpu',
      onProgress: progress.show,
      signal,
    });
    const { version = '', library: folder, noGpu } = found;
    process.stdout.write(json ? `${JSON.stringify(found)}\n` : `${title} ${version} is ready in ${folder}\n`);
    if (noGpu) throw new NoGpuError(`It stays installed, but no GPU answers: ${noGpu}`);
  } catch (error) {
    if (!orContinue || !(error instanceof EngineError)) throw error;
    process.stderr.write(`${error.message} Going on without it.\n`);
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
      '\nExamples:\n  longtail engine install\n  longtail engine install tensorflow\n  longtail engine install torch --gpu\n  LONGTAIL_TORCH=/opt/venv/lib/python3.12/site-packages/torch longtail engine install',
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
      process.stdout.write(`${json ? JSON.stringify(status) : describe(status)}\n`);
    });
  return command;
}
