/** A page of all runs under a folder, which follows those that run. It reads, and changes nothing. */
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { mayLook, tokenCookie } from './access.ts';
import { servePage } from './page.ts';
import { type RunState, SERVED, type ServedFile, watchRuns } from './runs.ts';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.json': 'application/json',
  '.jsonl': 'application/jsonl',
};

/** Pages have all that they need in them, and may ask this server alone. */
const HEADERS: Readonly<Record<string, string>> = {
  'Content-Security-Policy':
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; connect-src 'self'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-store',
};

interface Answer {
  readonly status: number;
  readonly type?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly body?: string;
  readonly file?: string;
}

const text = (status: number, body: string): Answer => ({
  status,
  type: 'text/plain; charset=utf-8',
  body: `${body}\n`,
});
const MISSING = text(404, 'There is no such file of a run.');

/**
 * @param root a folder with runs in it, at any depth up to four
 * @param options.token asked for with every request; without one only names of the loopback are answered
 * @example
 * serveRuns('runs').listen(8080, '127.0.0.1');
 */
export function serveRuns(root: string, { token }: { token?: string | undefined } = {}): Server {
  const look = watchRuns(root);
  return createServer((request, response) => {
    answer(request, { root, token, look })
      .then((one) => send(response, one, { isHead: request.method === 'HEAD' }))
      .catch((error: Error) => {
        if (response.headersSent) return response.destroy(error);
        response.writeHead(500, HEADERS).end(`${error.message}\n`);
      });
  });
}

async function answer(
  request: IncomingMessage,
  { root, token, look }: { root: string; token: string | undefined; look: () => Promise<RunState[]> },
): Promise<Answer> {
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return text(405, 'Only to be read: GET or HEAD.');
  if (!mayLook(request, token))
    return text(
      403,
      token === undefined ? 'Ask by the name localhost.' : 'Ask with the token: ?token=TOKEN.',
    );
  const [pathname = '/'] = (request.url ?? '/').split('?');
  if (pathname === '/') {
    const headers = token === undefined ? {} : { 'Set-Cookie': tokenCookie(token) };
    return { status: 200, type: TYPES['.html']!, headers, body: servePage() };
  }
  const runs = await look();
  if (pathname === '/api/runs') return { status: 200, type: TYPES['.json']!, body: JSON.stringify(runs) };
  const found = fileOf(pathname, runs);
  return found
    ? { status: 200, type: TYPES[extname(found.file)]!, file: join(root, ...found.path, found.file) }
    : MISSING;
}

const addressOf = (path: string, file: string): string =>
  ['', 'runs', ...path.split('/').filter(Boolean), file].map(encodeURIComponent).join('/');

/** Only files of a list, of runs of a list: no path of the request's own is ever opened. */
function fileOf(
  pathname: string,
  runs: readonly RunState[],
): { path: string[]; file: ServedFile } | undefined {
  for (const { path, files } of runs)
    for (const file of SERVED)
      if (files.includes(file) && pathname === addressOf(path, file)) return { path: path.split('/'), file };
  return undefined;
}

/** The file itself, as a link could lead anywhere; undefined where it went away after it was listed. */
async function opened(path: string): Promise<{ file: FileHandle; size: number } | undefined> {
  const file = await open(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch(() => undefined);
  return file && { file, size: (await file.stat()).size };
}

async function send(response: ServerResponse, answer: Answer, options: { isHead: boolean }): Promise<void> {
  const content = answer.file === undefined ? undefined : await opened(answer.file);
  if (content) return sendFile(response, answer, { ...content, ...options });
  const { status, type, headers, body = '' } = answer.file === undefined ? answer : MISSING;
  writeHead(response, { status, type, headers, size: Buffer.byteLength(body) });
  response.end(options.isHead ? undefined : body);
}

/** At the pace of whoever reads it, and as long as it was when it was opened: a log goes on growing. */
async function sendFile(
  response: ServerResponse,
  answer: Answer,
  { file, size, isHead }: { file: FileHandle; size: number; isHead: boolean },
): Promise<void> {
  try {
    writeHead(response, { ...answer, size });
    if (isHead || size === 0) response.end();
    else await pipeline(file.createReadStream({ end: size - 1, autoClose: false }), response);
  } finally {
    await file.close();
  }
}

function writeHead(
  response: ServerResponse,
  { status, type, headers, size }: Pick<Answer, 'status' | 'type' | 'headers'> & { size: number },
): void {
  response.writeHead(status, {
    ...HEADERS,
    ...headers,
    ...(type && { 'Content-Type': type }),
    'Content-Length': size,
  });
}
