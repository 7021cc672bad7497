/** `longtail predict`: a saved head on new embeddings. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { UsageError } from '@longtail/core';
import { steadyMalloc } from '@longtail/engine/steady-malloc';
import { Command } from 'commander';
import type { EngineFlags } from './context.ts';
import { expectNotInput } from './expect-not-input.ts';
import { print, tell } from './terminal.ts';
import { withEngine } from './with-engine.ts';

interface PredictFlags extends EngineFlags {
  readonly out?: string;
  readonly prior?: string;
  readonly sets?: string;
}

async function run(head: string, features: string, flags: PredictFlags, signal: AbortSignal): Promise<void> {
  const { out, prior, sets } = flags;
  if (out !== undefined && !/\.(csv|parquet|npy)$/.test(out))
    throw new UsageError(`--out takes a file that ends in .csv, .parquet or .npy, but got "${out}".`);
  for (const file of [head, features])
    if (!existsSync(file)) throw new UsageError(`expected a file ${file}, but there is none.`);
  expectNotInput({ '--out': out }, [head, features, prior]);
  steadyMalloc();
  const { engineOf } = await import('./context.ts');
  const { predict } = await import('../rebalance/predict.ts');
  await engineOf(flags, { signal });
  const { bytes, rows, notes } = await predict(head, features, {
    prior,
    sets,
    format: out?.split('.').at(-1) ?? 'csv',
  });
  for (const note of notes) tell(note);
  if (out === undefined) {
    process.stdout.write(bytes);
    return;
  }
  const { writeWhole } = await import('@longtail/formats/whole-file');
  await writeWhole(resolve(out), bytes);
  print(`${rows.toLocaleString('en')} rows predicted, in ${out}`);
}

export function predictCommand({ signal }: { signal: AbortSignal }): Command {
  return withEngine(new Command('predict'))
    .description('the classes of new embeddings, by a head that rebalance --save wrote')
    .argument('<head>', 'the head, .safetensors')
    .argument('<features>', 'a file of embeddings of the same backbone')
    .option(
      '--out <file>',
      '.csv or .parquet: label and probability of each row; .npy: the probabilities of all classes; default: CSV on stdout',
    )
    .option(
      '--prior <prior>',
      "of the new rows: uniform, train, estimate (by these rows), shares with commas between, or a JSON file; default: the head's",
    )
    .option(
      '--sets <alpha>',
      'the classes that hold the right one with 1 - alpha, a multiple of 0.01 up to 0.5',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  longtail predict head.safetensors new.npy\n  longtail predict head.safetensors new.parquet --out predictions.parquet --sets 0.1\n  longtail predict head.safetensors new.npy --out probabilities.npy --prior estimate',
    )
    .action((head: string, features: string, flags: PredictFlags) => run(head, features, flags, signal));
}
