/** `longtail sweep run-cell SWEEP INDEX`: what a task of a scheduler's array executes. */
import { resolve } from 'node:path';
import { LongtailError, UsageError } from '@longtail/core';
import { steadyMalloc } from '@longtail/engine/steady-malloc';
import { Command } from 'commander';
import { alone } from '../ranks.ts';
import { beginRun } from '../run-directory.ts';
import { holdRun } from '../run-lock.ts';
import { chosenSaveEvery } from '../save-every.ts';
import { requeueThis } from '../slurm/this-job.ts';
import { Stopped } from '../stopped.ts';
import type { Cell, Sweep } from '../sweep/cell.ts';
import type { EngineFlags } from './context.ts';
import { failureText } from './failure.ts';
import { toReport } from './run.ts';
import { tell } from './terminal.ts';

interface CellFlags {
  readonly saveEvery?: string;
  readonly patient?: boolean;
}

async function runCell(
  folder: string,
  number: string,
  { saveEvery, patient = false }: CellFlags,
  { signal }: { signal: AbortSignal },
): Promise<void> {
  const { openSweep } = await import('../sweep/open-sweep.ts');
  const sweep = await openSweep(resolve(folder));
  const cell = sweep.cells[/^\d+$/.test(number) ? Number(number) : -1];
  if (!cell)
    throw new UsageError(
      `a cell of ${folder} is a number from 0 to ${sweep.cells.length - 1}, but got "${number}".`,
    );
  const every = chosenSaveEvery(saveEvery);
  const { cellFolder } = await import('../sweep/cell.ts');
  const { forgetFailure, recordFailure } = await import('../sweep/cell-failure.ts');
  const run = cellFolder(sweep, cell);
  await expectStage(sweep, cell, { patient });
  await holdRun(run);
  try {
    signal.throwIfAborted();
    await forgetFailure(run);
    const { takeMissing } = await import('../sweep/stage-makers.ts');
    await takeMissing(sweep, cell);
    const { findRecipe } = await import('../recipes.ts');
    const { needsData } = await findRecipe(cell.settings.recipe);
    const settings = await beginRun(run, cell.settings, { needsData });
    const { engine, groups } = cell;
    await toReport(run, {
      settings,
      engine: engine as EngineFlags,
      groups,
      ranks: alone(signal),
      saveEvery: every,
    });
  } catch (error) {
    if (error instanceof Stopped) throw error;
    await recordFailure(run, failureText(error));
    // The command was right: what is wrong is the cell.
    throw error instanceof UsageError
      ? new LongtailError(error.message, error.details, { cause: error })
      : error;
  }
}

/** @throws Stopped where the cell is to be started again later; LongtailError where it cannot begin */
async function expectStage(sweep: Sweep, cell: Cell, { patient }: { patient: boolean }): Promise<void> {
  const { missingStage } = await import('../sweep/stage-makers.ts');
  const missing = await missingStage(sweep, cell);
  if (!missing) return;
  const { maker, isRunning, failure } = missing;
  const what = `cell ${cell.id} takes its stage 1 from cell ${maker}`;
  if (failure !== undefined) throw new LongtailError(`${what}, which failed: ${failure}`);
  if (isRunning || patient)
    throw new Stopped(`${what}, which has not made it yet; start this cell again later.`);
  throw new LongtailError(
    `${what}, which has not made it and is not at work; give the command of the sweep again.`,
  );
}

export const runCellCommand = ({ signal }: { signal: AbortSignal }): Command =>
  new Command('run-cell')
    .description(
      'one cell, from where it is to its report: what a task of a scheduler executes; exits with 0, 1, or 75 to be started again',
    )
    .argument('<folder>', 'of the sweep')
    .argument('<number>', 'of the cell in sweep.jsonl, from 0')
    .option('--save-every <amount>', 'as of longtail run')
    .option('--patient', 'exit with 75, not 1, as long as the cell that makes its stage 1 has not begun')
    .addHelpText('after', '\nExample:\n  longtail sweep run-cell sweeps/rates 3')
    .action(async (folder: string, number: string, _: CellFlags, command: Command) => {
      steadyMalloc();
      try {
        await runCell(folder, number, command.optsWithGlobals(), { signal });
      } catch (error) {
        if (error instanceof Stopped && (await requeueThis())) tell('Slurm starts this cell again.');
        throw error;
      }
    });
