#!/usr/bin/env node
/** The `longtail` command. Results go to stdout, progress and messages to stderr. */
import { UsageError } from '@longtail/core';
import { Command, CommanderError } from 'commander';
import { dataCommand } from './cli/data.ts';
import { engineCommand } from './cli/engine.ts';
import { runCommands } from './cli/run.ts';
import { stageCommands } from './cli/stages.ts';
import { STOPPED, Stopped, stopSignal } from './cli/stop.ts';

const OLDEST_NODE = [22, 18];
const EXIT = { failed: 1, usage: 2 };

function checkNode(): void {
  const [major, minor] = process.versions.node.split('.').map(Number) as [number, number];
  if (major < OLDEST_NODE[0]! || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]!))
    throw new UsageError(
      `longtail needs Node ${OLDEST_NODE.join('.')} or newer, but this is ${process.version}; install a newer one.`,
    );
}

function commandLine(): Command {
  const context = { signal: stopSignal() };
  const program = new Command('longtail')
    .description('Long-tailed recognition: train a representation, re-balance its classifier, report.')
    .option('--verbose', 'show stack traces')
    .showHelpAfterError('(longtail --help shows examples)')
    .addHelpText(
      'after',
      '\nExamples:\n  longtail run demo\n  longtail run cifar-10-lt --data DIR\n  longtail data stats places-lt --data DIR\n  longtail engine status',
    )
    .exitOverride();
  const whole = [...runCommands(context), ...stageCommands(context)];
  for (const command of [...whole, dataCommand(context), engineCommand(context)]) program.addCommand(command);
  for (const command of program.commands)
    for (const inner of [command, ...command.commands]) inner.exitOverride();
  return program;
}

/** @returns the exit code: 0 done, 1 failed, 2 wrong usage, 75 stopped by a signal */
async function main(args: readonly string[]): Promise<number> {
  const program = commandLine();
  try {
    checkNode();
    await program.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError)
      return error.exitCode === 0 || error.code === 'commander.help' ? 0 : EXIT.usage;
    const { stack, message } = error as Error;
    process.stderr.write(`${program.opts().verbose ? stack : message}\n`);
    if (error instanceof Stopped) return STOPPED;
    return error instanceof UsageError ? EXIT.usage : EXIT.failed;
  }
}

// Whoever reads our output may stop before its end: `longtail report RUN | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});
process.exitCode = await main(process.argv.slice(2));
