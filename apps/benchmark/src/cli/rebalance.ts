/** `longtail rebalance`: embeddings and their labels in, a leaderboard of heads and a better classifier out. */
import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { UsageError } from '@longtail/core';
import { steadyMalloc } from '@longtail/engine/steady-malloc';
import { Command, Option } from 'commander';
import type { FeaturesFrom, Select } from '../rebalance/selection.ts';
import type { EngineFlags } from './context.ts';
import { expectNotInput } from './expect-not-input.ts';
import { bar } from './progress.ts';
import { type GroupFlags, groupsOption } from './stages.ts';
import { columnsOf, print, printJson, tell } from './terminal.ts';
import { withEngine } from './with-engine.ts';

interface RebalanceFlags extends EngineFlags, GroupFlags {
  readonly onnx?: string;
  readonly labels?: string;
  readonly test?: string;
  readonly testLabels?: string;
  readonly splitColumn?: string;
  readonly heads?: string;
  readonly head?: string;
  readonly card?: string;
  readonly prior: string;
  readonly featuresFrom?: FeaturesFrom;
  readonly select?: Select;
  readonly joint?: string;
  readonly dropBad?: boolean;
  readonly audit?: string;
  readonly slices?: string;
  readonly report?: string;
  readonly save?: string;
  readonly seed: string;
  readonly seeds: string;
  readonly json?: boolean;
}

const EXAMPLES = `
Examples:
  longtail rebalance embeddings.parquet
  longtail rebalance train.npy --labels train-labels.npy --test test.npy --test-labels test-labels.npy --save head.safetensors
  longtail rebalance table.csv --labels species --groups oltr --json
  longtail rebalance features.safetensors --features-from trained --heads ncm,logistic-prior
  longtail rebalance photos/birds --onnx dinov2.onnx --save head.safetensors
  longtail rebalance embeddings.parquet --heads all --seeds 3 --audit audit --slices cameras.csv --report report.html

FEATURES is NumPy (.npy, .npz), safetensors, PyTorch, a pickle, Parquet or CSV, or what \`longtail extract\` writes; or, with --onnx, a folder of pictures. A table with a
column \`split\` (train, validation, test) is its own test part. Without a test part, every row is tested by one of 5 stratified folds.`;

/** Hits are counted in bytes. */
const MOST_SEEDS = 255;

function checked(flags: RebalanceFlags): { seed: number; seeds: number; featuresFrom: FeaturesFrom } {
  const { seed, seeds, testLabels, test, joint, featuresFrom, head, save, report } = flags;
  if (!Number.isSafeInteger(Number(seed)))
    throw new UsageError(`--seed takes an integer, but got "${seed}".`);
  if (!(Number.isSafeInteger(Number(seeds)) && Number(seeds) >= 1 && Number(seeds) <= MOST_SEEDS))
    throw new UsageError(`--seeds takes an integer from 1 to ${MOST_SEEDS}, but got "${seeds}".`);
  if (report !== undefined && !report.endsWith('.html'))
    throw new UsageError(`--report takes a file that ends in .html, but got "${report}".`);
  if (testLabels !== undefined && test === undefined)
    throw new UsageError('--test-labels are those of --test, but there is none; name the test features.');
  if (head !== undefined && save === undefined)
    throw new UsageError('--head is what --save writes, but there is no --save; name a file.');
  if (flags.card !== undefined && save === undefined)
    throw new UsageError('--card is of what --save writes, but there is no --save; name a file.');
  if (save !== undefined && !save.endsWith('.safetensors'))
    throw new UsageError(`--save takes a file that ends in .safetensors, but got "${save}".`);
  if (joint !== undefined && featuresFrom === 'foreign')
    throw new UsageError(
      '--joint is the head that was trained with the backbone on these rows: --features-from is trained, not foreign.',
    );
  const from = featuresFrom ?? (joint === undefined ? 'foreign' : 'trained');
  return { seed: Number(seed), seeds: Number(seeds), featuresFrom: from };
}

/** @returns the store of what the model makes of the pictures */
async function embedded(folder: string, model: string, signal: AbortSignal): Promise<string> {
  if (!existsSync(model)) throw new UsageError(`expected a model in ${model}, but there is no such file.`);
  const { embedPictures } = await import('../rebalance/embed-pictures.ts');
  const progress = bar('embedding', { unit: 'pictures', counts: true });
  const store = await embedPictures(resolve(folder), {
    ...{ model: resolve(model), signal },
    onProgress: (done, total, note) => progress.update(done, total, { note }),
  }).finally(progress.stop);
  tell(`embeddings in ${store}`);
  return store;
}

/** @throws UsageError for what a folder of pictures, or a file, does not take */
function checkSource(features: string, { onnx, labels, test, splitColumn }: RebalanceFlags): void {
  const isFolder = statSync(features).isDirectory();
  if (onnx !== undefined && !isFolder)
    throw new UsageError(`--onnx is of a folder of pictures, but ${features} is a file; leave it out.`);
  if (onnx !== undefined && (labels ?? test ?? splitColumn) !== undefined)
    throw new UsageError(
      'a folder of pictures has its labels and its test in it: leave out --labels, --test and --split-column.',
    );
  if (isFolder && onnx === undefined && !existsSync(join(features, 'store.json')))
    throw new UsageError(
      `expected embeddings, but ${features} is a folder and no store of features; of a folder of pictures name the model, with --onnx.`,
    );
}

async function run(features: string, flags: RebalanceFlags, signal: AbortSignal): Promise<void> {
  const { seed, seeds, featuresFrom } = checked(flags);
  if (!existsSync(features))
    throw new UsageError(`expected features in ${features}, but there is no such file.`);
  checkSource(features, flags);
  const { onnx: model, labels, test, testLabels, joint, slices, prior } = flags;
  expectNotInput({ '--save': flags.save, '--card': flags.card, '--report': flags.report }, [
    ...[features, model, labels, test, testLabels, joint, slices, prior],
  ]);
  steadyMalloc();
  const start = performance.now();
  const { engineOf } = await import('./context.ts');
  const { rebalance } = await import('../rebalance/rebalance.ts');
  const engine = await engineOf(flags, { signal });
  const source = flags.onnx === undefined ? features : await embedded(features, flags.onnx, signal);
  const progress = bar('rebalance', { unit: 'heads', counts: true });
  const command = `longtail ${process.argv.slice(2).join(' ')}`;
  const {
    groups,
    audit,
    report,
    save,
    dropBad = false,
    backend: _,
    device: __,
    autocast: ___,
    onnx: ____,
    ...given
  } = flags;
  const found = await rebalance(source, {
    ...{ ...given, seed, seeds, featuresFrom, dropBad, command, signal, groupRule: groups },
    audit: audit && resolve(audit),
    suspects: report !== undefined,
    save: save && resolve(save),
    onProgress: (done, total, name) => progress.update(done, total, { note: name }),
  }).finally(progress.stop);
  const { writeCard } = await import('../rebalance/write-card.ts');
  if (flags.card !== undefined) await writeCard(flags.card, found, { ...flags, features });
  const { rebalanceJson, rebalanceText } = await import('../rebalance/rebalance-report.ts');
  const about = {
    ...{ command, features, featuresFrom, select: flags.select, prior: flags.prior, seed, seeds, engine },
    seconds: (performance.now() - start) / 1000,
  };
  if (report !== undefined) {
    const [{ rebalancePage }, { writeWhole }] = await Promise.all([
      import('../rebalance/rebalance-page.ts'),
      import('@longtail/formats/whole-file'),
    ]);
    await writeWhole(resolve(report), rebalancePage(found, about));
  }
  if (flags.json) return printJson(rebalanceJson(found, about));
  print(rebalanceText(found, about, { width: columnsOf(process.stdout) }));
  if (report !== undefined) print(`\nreport in ${report}`);
  if (save !== undefined)
    print(
      `\nsaved ${found.saved} in ${save}; next: longtail predict ${save} NEW-FEATURES --out predictions.csv`,
    );
}

export function rebalanceCommand({ signal }: { signal: AbortSignal }): Command {
  return withEngine(new Command('rebalance'))
    .description('your embeddings in: a leaderboard of heads, and a better classifier, out')
    .argument('<features>', 'a file of embeddings, with or without their labels')
    .option('--onnx <file>', 'of a folder of pictures: the model that embeds them, by onnxruntime-node')
    .option('--labels <file or column>', 'numbers or names; default: a column or array with a usual name')
    .option('--test <file>', 'embeddings to test on')
    .option('--test-labels <file or column>', 'of --test; default: as --labels, where that is a column')
    .option('--split-column <name>', 'of a table: train, validation or test (default: split)')
    .option(
      '--heads <names>',
      'with commas between, or all (default: about a dozen); logistic, which all are compared with, is always there',
    )
    .addOption(groupsOption())
    .option(
      '--prior <prior>',
      'of what is to come: uniform, train, shares with commas between, or a JSON file',
      'uniform',
    )
    .addOption(
      new Option(
        '--features-from <which>',
        'trained: the backbone has seen these rows, so nothing is chosen by folds of them (default: foreign)',
      ).choices(['trained', 'foreign']),
    )
    .option(
      '--joint <file>',
      "the backbone's own linear weight, [classes, dim]: a row of its own, from which lws and tau begin",
    )
    .addOption(
      new Option(
        '--select <rows>',
        'what hyper-parameters are chosen on; default: val, validation rows, where there are any; train-folds of foreign features; else default, fixed values',
      ).choices(['val', 'train-folds', 'default']),
    )
    .option('--drop-bad', 'leave out rows with NaN or infinities')
    .option(
      '--audit <folder>',
      'rows that are not finite, there twice, likely labelled wrong, or far from every class, and constant columns: a CSV file each',
    )
    .option(
      '--slices <file>',
      'CSV or Parquet, a line for each test row: accuracies by the values of each column',
    )
    .option('--report <file>', 'one .html page of all that, which needs nothing else')
    .option('--save <file>', 'the recommended head, .safetensors')
    .option('--card <file>', 'of --save: a model card, Markdown with the metadata of the Hugging Face Hub')
    .option('--head <name>', 'what --save writes instead')
    .option('--seed <integer>', 'of folds, draws and intervals', '0')
    .option('--seeds <count>', 'fits heads that are drawn by as many seeds, from --seed on', '1')
    .option('--json', 'the results as one JSON document on stdout')
    .addHelpText('after', EXAMPLES)
    .action((features: string, flags: RebalanceFlags) => run(features, flags, signal));
}
