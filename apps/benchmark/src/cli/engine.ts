/** `longtail engine install|status`. */
import { EngineError } from '@longtail/core';
import type { EngineStatus, InstallProgress } from '@longtail/engine';
import { Argument, Command } from 'commander';
import { bar } from './progress.ts';

function describe(status: EngineStatus): string {
  const rows: [string, string][] = [
    ['backend', status.library ? `torch ${status.version ?? ''} (from ${status.source})` : 'wasm'],
    ...(status.library ? [['library', status.library] as [string, string]] : []),
    ['tensorflow', status.tensorflow ?? 'not installed: longtail engine install tensorflow'],
    ['cache', status.cache],
    ['machine', `${status.platform}${status.glibc ? `, glibc ${status.glibc}` : ''}, Node ${status.node}`],
    ...status.passedOver.map((reason): [string, string] => ['passed over', reason]),
    ...(status.library ? [] : [['next', 'longtail engine install'] as [string, string]]),
  ];
  return rows.map(([name, value]) => `${name.padEnd(12)}${value}`).join('\n');
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
  readonly orContinue?: boolean;
  readonly json?: boolean;
}

async function install(
  library: Library,
  { orContinue = false, json = false, signal }: InstallFlags & { signal: AbortSignal },
): Promise<void> {
  const { installTensorflow, installTorch } = await import('@longtail/engine');
  const title = TITLES[library];
  const progress = installProgress(title);
  try {
    const found = await (library === 'torch' ? installTorch : installTensorflow)({
      onProgress: progress.show,
      signal,
    });
    process.stdout.write(
      json ? `${JSON.stringify(found)}\n` : `${title} ${found.version ?? ''} is ready in ${found.library}\n`,
    );
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
    .option('--or-continue', 'end well even if it cannot be had')
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      '\nExamples:\n  longtail engine install\n  longtail engine install tensorflow\n  LONGTAIL_TORCH=/opt/venv/lib/python3.12/site-packages/torch longtail engine install',
    )
    .action((library: Library, flags: InstallFlags) => install(library, { ...flags, signal }));
  command
    .command('status')
    .description('which backend would be loaded, from where, and why not another')
    .option('--json', 'one JSON document on stdout')
    .addHelpText('after', '\nExample:\n  longtail engine status --json')
    .action(async ({ json }: { json?: boolean }) => {
      const { engineStatus } = await import('@longtail/engine');
      const status = await engineStatus();
      process.stdout.write(`${json ? JSON.stringify(status) : describe(status)}\n`);
    });
  return command;
}
