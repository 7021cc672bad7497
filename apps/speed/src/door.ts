/** The command `pnpm bench`: the names of what is timed here. */
import { Command } from 'commander';
import { allReduce } from './all-reduce/all-reduce.ts';
import { busy } from './busy/busy.ts';
import { ENVIRONMENT } from './environment.ts';
import { heads } from './heads/heads.ts';
import { losses } from './losses/losses.ts';
import { metrics } from './metrics/metrics.ts';
import { networks } from './networks/networks.ts';
import { operations } from './operations/operations.ts';
import { pipeline } from './pipeline/pipeline.ts';
import { ranks } from './ranks/ranks.ts';
import { rebalanceLarge } from './rebalance-large/rebalance-large.ts';
import { samplers } from './samplers/samplers.ts';
import { step } from './step/step.ts';

export const COMPARISONS: readonly Command[] = [
  ...[step, networks, operations, losses, samplers, pipeline, heads, metrics],
  ...[ranks, allReduce, busy, rebalanceLarge],
];
const EXAMPLES = `
Examples:
  export LONGTAIL_BENCH_PYTHON=/path/to/bin/python
  pnpm bench step tensorflow wasm
  pnpm bench operations "conv 3x3"
  LONGTAIL_BENCH_ROUNDS=1 pnpm bench heads NCM --size small`;

/** @returns what throws CommanderError on wrong usage and after help */
export function door(): Command {
  const program = new Command('pnpm bench')
    .description('Speed and memory, in turn with what others use. Leave the machine alone meanwhile.')
    .usage('NAME [options]')
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .helpCommand(false)
    .addHelpText('after', `${EXAMPLES}\n${ENVIRONMENT}`);
  for (const command of COMPARISONS) program.addCommand(command);
  for (const command of [program, ...COMPARISONS])
    command.exitOverride().configureOutput({ outputError: () => {} }); // said below, in one sentence
  return program;
}
