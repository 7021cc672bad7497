/** A path that is empty would be the folder one is in: a variable of the shell's that is not set. */
import { type Argument, type Command, InvalidArgumentError, type Option } from 'commander';

export function path(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('It names a file or folder, but is empty.');
  return text;
}

/** Refuses empty paths in the arguments and options of a command and of those below it. */
export function refuseEmptyPaths(command: Command): void {
  const isPath = (one: Argument | Option): boolean =>
    /^<?\[?(folder|file|run)/.test('flags' in one ? one.flags.replace(/^[^<[]*/, '') : one.name());
  for (const one of [...command.options, ...command.registeredArguments])
    if (isPath(one) && !one.parseArg) one.argParser(path);
  for (const inner of command.commands) refuseEmptyPaths(inner);
}
