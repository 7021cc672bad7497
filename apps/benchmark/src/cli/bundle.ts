/** `longtail bundle --out FILE`: Node, the command and its packages, for a machine that has no network. */
import { basename, resolve } from 'node:path';
import { Command } from 'commander';
import { bar } from './progress.ts';
import { print, printJson } from './terminal.ts';

interface BundleFlags {
  readonly out: string;
  readonly withTorch?: boolean;
  readonly json?: boolean;
}

async function bundle(
  { out, withTorch = false, json = false }: BundleFlags,
  signal: AbortSignal,
): Promise<void> {
  const { writeBundle } = await import('../bundle/write-bundle.ts');
  const progress = bar('packing', { unit: 'MB', counts: true });
  const onProgress = (done: number, total: number) =>
    progress.update(Math.round(done / 1e6), Math.round(total / 1e6));
  const written = await writeBundle(resolve(out), { withTorch, signal, onProgress }).finally(progress.stop);
  if (json) return printJson(written);
  const name = basename(out);
  print(
    `${written.path}: ${(written.bytes / 1e6).toFixed(1)} MB\nnext: scp ${out} MACHINE: && ssh MACHINE '${written.unpack} ${name} && ./longtail/longtail engine status'`,
  );
}

export const bundleCommand = ({ signal }: { signal: AbortSignal }): Command =>
  new Command('bundle')
    .description('Node, this command and its packages in one archive, for Linux x64 without network or Node')
    .requiredOption('--out <file>', 'ends in .tar.xz (the smallest), .tar.zst, .tar.gz or .tar')
    .option(
      '--with-torch',
      'with the libtorch for the CPU that is found here, where the other machine has none',
    )
    .option('--json', 'one JSON document on stdout')
    .addHelpText(
      'after',
      '\nExamples:\n  longtail bundle --out longtail.tar.xz\n  longtail bundle --out longtail-torch.tar.xz --with-torch',
    )
    .action((flags: BundleFlags) => bundle(flags, signal));
