/** `longtail data verify|stats|pack`: whether a set on disk is the published one, what there is in it, and a smaller copy. */
import { join, resolve } from 'node:path';
import { DataError, UsageError } from '@longtail/core';
import type { Draw, Findings, LongTailOptions, Profile, Verification } from '@longtail/datasets';
import { Command, Option } from 'commander';
import { datasetHelp, findDataset, type OpenedDataset, type OpenOptions, TAILED } from '../datasets.ts';
import { dataPackCommand } from './data-pack.ts';
import { bar } from './progress.ts';
import { type GroupFlags, groupsOption } from './stages.ts';
import { columnsOf, print, printJson } from './terminal.ts';

interface DataFlags {
  readonly data: string;
  readonly lists?: string;
  readonly imbalanceFactor?: string;
  readonly profile?: Profile;
  readonly draw?: Draw;
  readonly subsetSeed?: string;
  readonly json?: boolean;
}

/** @throws UsageError for numbers that are none, a seed that nothing is drawn by, and a tail for a set that has its own */
function tailOf(name: string, flags: DataFlags): LongTailOptions | undefined {
  const { imbalanceFactor, profile, draw, subsetSeed } = flags;
  const [factor, seed] = [numberOf(imbalanceFactor ?? '100'), numberOf(subsetSeed ?? '0')];
  if (!(factor >= 1))
    throw new UsageError(`--imbalance-factor takes a number >= 1, but got "${imbalanceFactor}".`);
  if (!Number.isSafeInteger(seed))
    throw new UsageError(`--subset-seed takes an integer, but got "${subsetSeed}".`);
  const isGiven = [imbalanceFactor, profile, draw, subsetSeed].some((flag) => flag !== undefined);
  if (!isGiven) return undefined;
  if (!TAILED.includes(name))
    throw new UsageError(
      `--imbalance-factor, --profile, --draw and --subset-seed are for ${TAILED.join(', ')}, but the set is ${name}.`,
    );
  if (subsetSeed !== undefined && draw !== 'seeded')
    throw new UsageError(
      `--subset-seed is of --draw seeded, but the draw is ${draw ?? 'ldam'}, which has one subset; add --draw seeded.`,
    );
  return { imbalanceFactor: factor, seed, ...(profile && { profile }), ...(draw && { draw }) };
}

/** NaN for a text that is no finite number; an empty one is none. */
function numberOf(text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : Number.NaN;
}

async function open(
  name: string,
  flags: DataFlags,
  options: Pick<OpenOptions, 'partial'> = {},
): Promise<OpenedDataset> {
  const [entry, tail] = [await findDataset(name), tailOf(name, flags)];
  const { cacheFolder } = await import('@longtail/engine');
  const progress = bar('reading', { unit: 'pictures', counts: true });
  return entry
    .open({
      data: resolve(flags.data),
      cache: join(cacheFolder(), 'datasets'),
      onProgress: progress.update,
      ...(flags.lists !== undefined && { lists: resolve(flags.lists) }),
      ...(tail && { tail }),
      ...options,
    })
    .finally(progress.stop);
}

function verificationText(
  name: string,
  flags: DataFlags,
  { pictures, decoded, problems, notes }: Verification,
): string {
  const seen = Object.entries(pictures).map(([split, n]) => `${n.toLocaleString('en')} ${split}`);
  return [
    `${name} in ${flags.data}: ${seen.join(', ')} pictures, ${decoded ? 'decoded' : 'looked at'}`,
    ...foundText('problems', problems),
    ...foundText('notes', notes),
    ...(problems.total === 0 ? ['no problem', `next: longtail data stats ${name} --data ${flags.data}`] : []),
  ].join('\n');
}

/** How many of each kind, then the first of them. */
function foundText(title: string, { total, byKind, first }: Findings<string>): string[] {
  if (total === 0) return [];
  const kinds = Object.entries(byKind).map(([kind, n]) => `${n?.toLocaleString('en')} ${kind}`);
  return [
    `${title}: ${kinds.join(', ')}; the first of them:`,
    ...first.map(({ kind, message }) => `  ${kind}: ${message}`),
  ];
}

/** What cannot be opened is a problem of the set, too. */
const unopened = (error: unknown): Verification => {
  if (!(error instanceof DataError)) throw error;
  const first = [{ kind: 'list' as const, message: error.message }];
  const notes = { total: 0, byKind: {}, first: [] };
  return { pictures: {}, decoded: false, problems: { total: 1, byKind: { list: 1 }, first }, notes };
};

async function verifyData(
  name: string,
  flags: DataFlags & { decode?: boolean },
  { signal }: { signal: AbortSignal },
): Promise<void> {
  const { verify } = await import('@longtail/datasets');
  const progress = bar('verifying', { unit: 'pictures', counts: true });
  const comparing = bar('comparing', { unit: 'pictures', counts: true });
  const bars = { onProgress: progress.update, onCompare: comparing.update };
  const found = await open(name, flags)
    .then(({ splits, ...published }) =>
      verify(splits, { ...published, ...bars, decode: flags.decode ?? false, signal }),
    )
    .catch(unopened)
    .finally(() => [progress, comparing].map(({ stop }) => stop()));
  if (flags.json) printJson(found);
  else print(verificationText(name, flags, found));
  const { total } = found.problems;
  if (total > 0)
    throw new DataError(
      `${name} in ${flags.data} has ${total.toLocaleString('en')} problem${total > 1 ? 's' : ''}; mend the first, then verify again.`,
    );
}

async function showStatistics(name: string, flags: DataFlags & GroupFlags & { svg?: string }): Promise<void> {
  const opened = await open(name, flags, { partial: true });
  const [{ datasetStatistics }, { statisticsText }] = await Promise.all([
    import('../dataset-statistics.ts'),
    import('../text/dataset-text.ts'),
  ]);
  const statistics = datasetStatistics(name, opened, { groupRule: flags.groups });
  if (flags.svg !== undefined) {
    const { datasetSvg } = await import('../text/dataset-svg.ts');
    const { writeWhole } = await import('@longtail/formats/whole-file');
    await writeWhole(resolve(flags.svg), await datasetSvg(statistics));
  }
  if (flags.json) return printJson(statistics);
  const text = statisticsText(statistics, { width: columnsOf(process.stdout) });
  print(`${text}\nnext: longtail data verify ${name} --data ${flags.data}`);
}

function withDataFlags(command: Command): Command {
  return command
    .argument('<dataset>', 'a name below, a list (.txt, .csv), or the path of a module')
    .requiredOption('--data <folder>', 'where the pictures are')
    .option('--lists <folder>', 'where the lists are (default: with the pictures)')
    .option('--imbalance-factor <number>', 'of a tail that is cut: largest class by smallest (default: 100)')
    .addOption(new Option('--profile <name>', 'of such a tail').choices(['exponential', 'step', 'pareto']))
    .addOption(
      new Option('--draw <name>', 'which pictures such a tail keeps (default: ldam)').choices([
        'ldam',
        'seeded',
      ]),
    )
    .option('--subset-seed <integer>', 'of --draw seeded, and of no other (default: 0)')
    .option('--json', 'one JSON document on stdout');
}

export function dataCommand(context: { signal: AbortSignal }): Command {
  const command = new Command('data').description(
    'sets on disk: whether they are whole, and what is in them',
  );
  const verifying = withDataFlags(command.command('verify'))
    .description(
      'lists and counts against the published ones, every picture, and none twice; code 1 where there is a problem',
    )
    .option('--decode', 'decode every picture (default: look at its first bytes)')
    .addHelpText(
      'after',
      `\nData sets:\n${datasetHelp()}\n\nExamples:\n  longtail data verify imagenet-lt --data /data/imagenet --lists /data/ImageNet_LT\n  longtail data verify places-lt --data DIR --decode\n  longtail data verify train.txt --data DIR --json`,
    );
  const statistics = withDataFlags(command.command('stats'))
    .description(
      'pictures a class, imbalance factor, Gini coefficient, groups and histogram; needs the lists only',
    )
    .addOption(groupsOption())
    .option('--svg <file>', 'draw the long tail')
    .addHelpText(
      'after',
      `\nData sets:\n${datasetHelp()}\n\nExamples:\n  longtail data stats places-lt --data DIR --svg places-lt.svg\n  longtail data stats cifar-100-lt --data DIR --imbalance-factor 50\n  longtail data stats folder --data DIR --json`,
    );
  verifying.action((name, flags) => verifyData(name, flags, context));
  statistics.action((name, flags) => showStatistics(name, flags));
  return command.addCommand(dataPackCommand({ ...context, open }));
}
