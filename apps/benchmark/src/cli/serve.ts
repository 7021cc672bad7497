/** `longtail serve DIR`: all runs under a folder as one page that follows those that run. */
import { randomBytes } from 'node:crypto';
import { realpathSync, statSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { DataError, UsageError } from '@longtail/core';
import { Command } from 'commander';
import { print } from './terminal.ts';

interface ServeFlags {
  readonly port: string;
  readonly host: string;
  readonly token?: string;
}

const DEFAULT_PORT = '8337';

async function serve(
  dir: string,
  { port, host, token: given }: ServeFlags,
  signal: AbortSignal,
): Promise<void> {
  const root = resolve(dir);
  const found = statSync(root, { throwIfNoEntry: false });
  if (!found?.isDirectory())
    throw new DataError(
      `expected a folder with runs in ${root}, but it is ${found ? 'a file' : 'not there'}; name one that is.`,
    );
  if (given === '')
    throw new UsageError('--token takes a text, but got an empty one; leave it out, or give one.');
  if (!/^\d+$/.test(port) || Number(port) > 65_535)
    throw new UsageError(`--port takes a number from 0 to 65535, but got "${port}".`);
  const [{ serveRuns }, { isLoopback }] = await Promise.all([
    import('../serve/server.ts'),
    import('../serve/access.ts'),
  ]);
  const token = given ?? (isLoopback(host) ? undefined : randomBytes(16).toString('hex'));
  const server = serveRuns(realpathSync(root), { token });
  await new Promise<void>((listening, refused) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      refused(
        new DataError(
          `expected to listen on ${host}, port ${port}, but ${cause.message}; name another with --port or --host.`,
          {},
          { cause },
        ),
      ),
    );
    server.listen(Number(port), host, listening);
  });
  const { port: bound } = server.address() as AddressInfo;
  const name = host.includes(':') ? `[${host}]` : host;
  print(
    `http://${name}:${bound}/${token === undefined ? '' : `?token=${encodeURIComponent(token)}`} shows the runs under ${root}; Ctrl-C ends it.`,
  );
  await new Promise<void>((ended) => signal.addEventListener('abort', () => ended(), { once: true }));
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
}

export function serveCommand({ signal }: { signal: AbortSignal }): Command {
  return new Command('serve')
    .description('all runs under a folder as one page that follows those that run; read only')
    .argument('[folder]', 'with runs in it, at any depth up to four', 'runs')
    .option('--port <number>', '0 for any that is free', DEFAULT_PORT)
    .option('--host <name>', 'what to listen on; other than the loopback it asks for a token', '127.0.0.1')
    .option(
      '--token <text>',
      'what whoever looks must have; default: none on the loopback, else one is made up',
    )
    .addHelpText(
      'after',
      '\nExamples:\n  longtail serve\n  longtail serve runs --port 9000\n  longtail serve runs --host 0.0.0.0',
    )
    .action((folder: string, flags: ServeFlags) => serve(folder, flags, signal));
}
