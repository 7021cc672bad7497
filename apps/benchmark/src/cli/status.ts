/** `longtail status RUN`: what each sampler is at, whether it runs, its size, and what to type next. */
import { resolve } from 'node:path';
import { size } from '@longtail/report/results';
import { Command } from 'commander';
import type { RunStatus, SamplerStatus } from '../run-status.ts';
import { print, printJson } from './terminal.ts';

function trainText({ train, epoch, pictures }: SamplerStatus, epochs: number): string {
  const further = pictures > 0 ? ` and ${pictures} pictures` : '';
  return train === 'begun' ? `${epoch} of ${epochs} epochs${further}` : train;
}

const retrainText = (
  { retrained }: SamplerStatus,
  { headEpochs }: RunStatus['settings']['options'],
): string =>
  retrained
    .map(({ name, epoch, pictures }) => {
      const further = pictures > 0 ? ` and ${pictures} pictures` : '';
      return `${name} ${epoch === headEpochs ? 'done' : `${epoch} of ${headEpochs} epochs${further}`}`;
    })
    .join(', ');

function text({ folder, settings, running, samplers, scored, reported, bytes, next }: RunStatus): string {
  const { recipe, seed, options } = settings;
  const rows = samplers.map((one) => [
    one.sampler,
    `train ${trainText(one, options.epochs)}`,
    `extract ${one.extract}`,
    ...(one.retrained.length > 0 ? [retrainText(one, options)] : []),
    `classify ${one.classify}`,
    size(one.bytes),
  ]);
  const widths = [...rows[0]!.keys()]
    .slice(0, -1)
    .map((i) => rows.reduce((most, row) => Math.max(most, row[i]!.length), 0));
  return [
    `${folder}: ${recipe}, seed ${seed}, ${size(bytes)}`,
    running
      ? `running as process ${running.pid} on ${running.host} since ${running.since}`
      : 'no process is at work',
    ...rows.map((row) => row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join('  ')),
    `evaluate ${scored ? 'done' : 'missing'}, report ${reported ? 'done' : 'missing'}`,
    ...(next === undefined ? [] : [`next: ${next}`]),
  ].join('\n');
}

export const statusCommand = (): Command =>
  new Command('status')
    .description('what a run is at, whether it runs, its size on the disk, the next command; writes nothing')
    .argument('<run>', 'the folder of a run')
    .option('--json', 'as one JSON document on stdout')
    .addHelpText(
      'after',
      '\nExamples:\n  longtail status runs/demo-seed-0\n  longtail status runs/demo-seed-0 --json',
    )
    .action(async (run: string, { json = false }: { json?: boolean }) => {
      const { runStatus } = await import('../run-status.ts');
      const found = await runStatus(resolve(run));
      if (json) printJson(found);
      else print(text(found));
    });
