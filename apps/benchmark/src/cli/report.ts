/** `longtail report RUN...`: the files, the table and the findings of one run, or several runs compared. */
import { statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, relative, resolve, sep } from 'node:path';
import { DataError, InputError, LongtailError, UsageError } from '@longtail/core';
import type { Results } from '@longtail/report/results';
import { counted } from '@longtail/report/results';
import { Argument, Command, Option } from 'commander';
import { COMPARED_FORMATS, FORMATS, type ReportFormat, USUAL_FORMATS } from '../report-files.ts';
import { failureText } from './failure.ts';
import { path } from './paths.ts';
import { columnsOf, hasColors, print, printJson, tell } from './terminal.ts';

export interface ReportFlags {
  readonly format?: readonly ReportFormat[];
  readonly out?: string;
  readonly tensorboard?: string;
  readonly json?: boolean;
}

interface Run {
  /** Where its files go. */
  readonly folder: string;
  readonly results: Results;
}

/** The folder of a run; or a file of results, whoever wrote it. */
async function readRun(place: string): Promise<Run> {
  const found = statSync(place, { throwIfNoEntry: false });
  if (!found)
    throw new DataError(
      `expected a run in ${place}, but there is no such folder; name one that holds a run, or a file of results.`,
      { path: place },
    );
  if (found.isFile()) {
    const { parseResults } = await import('@longtail/report/results');
    return { folder: dirname(place), results: parseResults(await readFile(place, 'utf8'), { path: place }) };
  }
  const { readResults } = await import('../read-results.ts');
  return { folder: place, results: await readResults(place) };
}

/** The first whole, to be copied; of the others what stands beside it. */
function placesOf(written: readonly string[]): string {
  const [first, ...others] = written as [string, ...string[]];
  const [folder] = [dirname(first)];
  const beside = new Set(
    others
      .map((file) => relative(folder, file))
      .map((file) => (file.startsWith('..') ? file : file.split(sep)[0]!)),
  );
  return beside.size > 0 ? `${first}\nbeside it: ${[...beside].join(', ')}` : first;
}

async function closing(results: Results, written: readonly string[]): Promise<string> {
  const { caveat, findings } = await import('@longtail/report/results');
  const { scoreTable } = await import('../text/score-table.ts');
  const answers = findings(results).map(
    ({ claim, verdict, sentence }) => `${claim} ${verdict.toUpperCase()}\n  ${sentence}`,
  );
  const table = scoreTable(results, { color: hasColors(process.stdout), width: columnsOf(process.stdout) });
  return [table, caveat(results), ...answers, placesOf(written)].filter((part) => part !== '').join('\n\n');
}

async function reportOne({ folder, results }: Run, flags: ReportFlags): Promise<void> {
  const { writeReport, writeTensorBoard } = await import('../report-files.ts');
  const written = await writeReport(flags.out ?? folder, results, flags.format ?? USUAL_FORMATS);
  if (flags.tensorboard) written.push(await writeTensorBoard(flags.tensorboard, folder, results));
  if (flags.json) printJson(results);
  else print(await closing(results, written));
}

async function compareAll(runs: readonly Run[], flags: ReportFlags): Promise<void> {
  const { writeComparison, writeTensorBoard } = await import('../report-files.ts');
  const { pooled } = await import('@longtail/report/results');
  const all = runs.map(({ results }) => results);
  const pools = pooledOrRefused(() => pooled(all));
  const written = await writeComparison(flags.out ?? '.', all, flags.format ?? COMPARED_FORMATS);
  for (const { folder, results } of flags.tensorboard ? runs : [])
    written.push(await writeTensorBoard(flags.tensorboard!, folder, results));
  if (flags.json) return printJson(pools);
  const { pooledTable } = await import('../text/pooled-table.ts');
  print(`${pooledTable(pools, { width: columnsOf(process.stdout) })}\n\n${placesOf(written)}`);
}

/** Runs that do not go together were named on the command line. */
function pooledOrRefused<T>(pool: () => T): T {
  try {
    return pool();
  } catch (error) {
    throw error instanceof InputError
      ? new UsageError(error.message, error.details, { cause: error })
      : error;
  }
}

export async function reportIn(places: readonly string[], flags: ReportFlags): Promise<void> {
  const wrong = flags.format?.find((format) => places.length > 1 && !COMPARED_FORMATS.includes(format));
  if (wrong)
    throw new UsageError(
      `of several runs there is ${COMPARED_FORMATS.join(' and ')}, but --format ${wrong} was asked for; name one run.`,
    );
  const { runs, bad } = await readAll(places);
  if (runs.length === 0) throw bad[0];
  for (const error of bad) tell(failureText(error));
  await (places.length === 1 ? reportOne(runs[0]!, flags) : compareAll(runs, flags));
  if (bad.length > 0)
    throw new DataError(
      `expected ${counted(places.length, 'run', 'runs')}, but ${bad.length} of them cannot be read, as said above; the report is of the others: mend these, or leave them out.`,
    );
}

/** What can be read, and why the others cannot. */
async function readAll(places: readonly string[]): Promise<{ runs: Run[]; bad: LongtailError[] }> {
  const [runs, bad]: [Run[], LongtailError[]] = [[], []];
  for (const place of places)
    await readRun(resolve(place)).then(
      (run) => void runs.push(run),
      (error: unknown) => {
        if (!(error instanceof LongtailError)) throw error;
        bad.push(error);
      },
    );
  return { runs, bad };
}

function formats(text: string): ReportFormat[] {
  const names = text.split(',').map((name) => name.trim());
  const wrong = names.find((name) => !FORMATS.some((format) => format === name));
  if (wrong === undefined) return [...new Set(names as ReportFormat[])];
  throw new UsageError(`--format takes some of ${FORMATS.join(',')}, but got "${wrong}".`);
}

const EXAMPLES = [
  'longtail report runs/demo-seed-0',
  'longtail report runs/demo-seed-0 --format svg,png,card',
  'longtail report runs/demo-seed-0 --tensorboard logs && tensorboard --logdir logs',
  'longtail report runs/demo-seed-0 runs/demo-seed-1 runs/other-seed-0 --out compared',
  'longtail report results.json',
];

export const reportCommand = (): Command =>
  new Command('report')
    .description('the table, the findings and files of a run; of several, their seeds pooled, side by side')
    .addArgument(
      new Argument('<runs...>', 'folders of runs, or files of results').argParser(
        (text: string, before: string[] = []) => [...before, path(text)],
      ),
    )
    .addOption(
      new Option(
        '--format <names>',
        `some of ${FORMATS.join(',')} (default: ${USUAL_FORMATS.join(',')}; of several runs ${COMPARED_FORMATS.join(',')})`,
      ).argParser(formats),
    )
    .option(
      '--out <folder>',
      "where the files go (default: the run's folder; of several runs the one you are in)",
    )
    .option('--tensorboard <folder>', 'also write event files of TensorBoard into this log folder')
    .option('--json', 'the results, or the pools of several runs, as one JSON document on stdout')
    .addHelpText('after', `\nExamples:\n${EXAMPLES.map((example) => `  ${example}`).join('\n')}`)
    .action((runs: string[], flags: ReportFlags) => reportIn(runs, flags));
