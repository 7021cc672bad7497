/** The `longtail` command, loaded. Results go to stdout, progress and messages to stderr. */
import { setImmediate as turn } from 'node:timers/promises';
import { UsageError } from '@longtail/core';
import { Command, CommanderError } from 'commander';
import { STOPPED, Stopped } from '../stopped.ts';
import { longtailVersion } from '../version.ts';
import { bundleCommand } from './bundle.ts';
import { cleanCommand } from './clean.ts';
import { asTyped } from './command-name.ts';
import { configCommand } from './config.ts';
import { dataCommand } from './data.ts';
import { embeddingCommands } from './embeddings.ts';
import { engineCommand } from './engine.ts';
import { failureText, stackText } from './failure.ts';
import { isOneOfSeveral, leave } from './join.ts';
import { newRecipeCommand } from './new-recipe.ts';
import { refuseEmptyPaths } from './paths.ts';
import { reproduceCommand } from './reproduce.ts';
import { resumeCommand } from './resume.ts';
import { runCommands } from './run.ts';
import { serveCommand } from './serve.ts';
import { stageCommands } from './stages.ts';
import { statusCommand } from './status.ts';
import { stopSignal } from './stop.ts';
import { sweepCommand } from './sweep.ts';
import { print, tell } from './terminal.ts';

const OLDEST_NODE = [22, 18];
const EXIT = { failed: 1, usage: 2 };

function checkNode(): void {
  const [major, minor] = process.versions.node.split('.').map(Number) as [number, number];
  if (major < OLDEST_NODE[0]! || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]!))
    throw new UsageError(
      `longtail needs Node ${OLDEST_NODE.join('.')} or newer, but this is ${process.version}; install a newer one.`,
    );
}

export function commandLine(context: { signal: AbortSignal }): Command {
  const program = new Command('longtail')
    .description('Long-tailed recognition: train a representation, re-balance its classifier, report.')
    .option('--verbose', 'show stack traces')
    .option('-V, --version', 'print the version, and the commit of a clone')
    .on('option:version', () => {
      const { version, commit } = longtailVersion();
      print(`longtail ${version}${commit === undefined ? '' : `, commit ${commit}`}`);
      throw new CommanderError(0, 'commander.version', 'printed');
    })
    .showHelpAfterError('(longtail --help shows examples)')
    .addHelpText(
      'after',
      '\nExamples:\n  longtail run demo\n  longtail run cifar-10-lt --data DIR\n  longtail data stats places-lt --data DIR\n  longtail engine status',
    );
  const whole = [...runCommands(context), ...stageCommands(context)];
  for (const command of [
    ...whole,
    statusCommand(),
    resumeCommand(context),
    cleanCommand(),
    configCommand(),
    reproduceCommand(context),
    ...embeddingCommands(context),
    newRecipeCommand(),
    sweepCommand(context),
    serveCommand(context),
    dataCommand(context),
    engineCommand(context),
    bundleCommand(context),
  ])
    program.addCommand(command);
  const output = {
    writeOut: (text: string) => void process.stdout.write(asTyped(text)),
    writeErr: (text: string) => void process.stderr.write(asTyped(text)),
  };
  for (const command of [program, ...program.commands])
    for (const one of [command, ...command.commands])
      one.exitOverride().configureOutput(output).configureHelp({ minWidthToWrap: 20 });
  refuseEmptyPaths(program);
  return program;
}

const has = (args: readonly string[], ...some: string[]): boolean => args.some((arg) => some.includes(arg));

/** @returns the exit code: 0 done, 1 failed, 2 wrong usage, 75 stopped by a signal */
export async function main(args: readonly string[]): Promise<number> {
  const signal = stopSignal();
  const program = commandLine({ signal });
  try {
    checkNode();
    await turn(); // a signal that has come is heard before the program may begin again in its place
    signal.throwIfAborted();
    if (has(args, 'run', 'train') && has(args, 'help', '--help', '-h')) {
      const { addOptionsHelp } = await import('./options-help.ts');
      await addOptionsHelp(program, args);
    }
    await program.parseAsync([...args], { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError)
      return error.exitCode === 0 || error.code === 'commander.help' ? 0 : EXIT.usage;
    const text = program.opts().verbose ? stackText(error) : failureText(error);
    const isStopped = error instanceof Stopped;
    const code = isStopped ? STOPPED : error instanceof UsageError ? EXIT.usage : EXIT.failed;
    if (isStopped || !isOneOfSeveral()) tell(text);
    await leave(text, { code, all: isStopped });
    return code;
  }
}

// Whoever reads our output may stop before its end: `longtail report RUN | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') tell(failureText(error));
  process.exit(error.code === 'EPIPE' ? 0 : EXIT.failed);
});
// Nobody may be left to read messages, as when a terminal closes: no reason to end a training.
process.stderr.on('error', () => {});
