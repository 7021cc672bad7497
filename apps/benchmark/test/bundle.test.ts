/** An archive of this clone, unpacked: the command runs from it. In an empty root, without network: `pnpm test:bundle`. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compressionOf } from '../src/bundle/compress.ts';
import { type Entry, tarOf } from '../src/bundle/tar.ts';
import { writeBundle } from '../src/bundle/write-bundle.ts';
import { longtailVersion } from '../src/version.ts';
import { longtail } from './longtail.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-bundle-test-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (...names: string[]): string => join(folder, ...names);

async function hashOf(entries: readonly Entry[]): Promise<string> {
  const hash = createHash('sha256');
  for await (const piece of tarOf(entries)) hash.update(piece);
  return hash.digest('hex');
}

describe('an archive', () => {
  const long = `${'a/'.repeat(90)}${'b'.repeat(120)}`;
  const entries = (): Entry[] => [
    { path: 'z', from: { text: 'text\n' } },
    { path: 'run', from: { file: at('run.sh') }, isProgram: true },
    { path: long, from: { link: `../${'c'.repeat(130)}` } },
  ];

  it('has the same bytes from the same files, in another order and at another time', async () => {
    writeFileSync(at('run.sh'), '#!/bin/sh\necho here\n');
    const before = await hashOf(entries());
    utimesSync(at('run.sh'), 1, 1);
    expect(await hashOf(entries().reverse())).toBe(before);
    writeFileSync(at('run.sh'), '#!/bin/sh\necho there\n');
    expect(await hashOf(entries())).not.toBe(before);
  });

  it.each(['.tar.zst', '.tar.gz', '.tar'])(
    '%s is what tar unpacks, long names and links, too',
    async (ending) => {
      writeFileSync(at('run.sh'), '#!/bin/sh\necho here\n');
      const path = at(`one${ending}`);
      const { of: compressed } = compressionOf(path);
      const pieces: Uint8Array[] = [];
      for await (const piece of compressed(tarOf(entries()))) pieces.push(piece);
      writeFileSync(path, Buffer.concat(pieces));
      const listed = execFileSync('tar', ['-tvf', path], {
        encoding: 'utf8',
        env: { ...process.env, TZ: 'UTC' },
      });
      expect(listed.trim().split('\n')).toEqual([
        expect.stringMatching(/^lrwxrwxrwx .* 2000-01-01 00:00 (a\/){90}b{120} -> \.\.\/c{130}$/),
        expect.stringMatching(/^-rwxr-xr-x .* 2000-01-01 00:00 run$/),
        expect.stringMatching(/^-rw-r--r-- .* 5 2000-01-01 00:00 z$/),
      ]);
    },
  );

  it('is refused under another ending, and leaves nothing where it is stopped', async () => {
    expect(() => compressionOf('x.zip')).toThrow(/must end in \.tar\.xz, .*, but it is x\.zip\.$/);
    const stop = new AbortController();
    stop.abort(new Error('stopped'));
    const path = at('stopped', 'x.tar');
    await expect(writeBundle(path, { signal: stop.signal })).rejects.toThrow('stopped');
    expect(readdirSync(at('stopped'))).toEqual([]);
  });
});

const isLinux = `${process.platform}-${process.arch}` === 'linux-x64';

describe.skipIf(!isLinux)('a bundle', { timeout: 120_000 }, () => {
  const run = (args: string[], env: NodeJS.ProcessEnv = {}): string =>
    execFileSync(at('longtail/longtail'), args, {
      encoding: 'utf8',
      env: { HOME: folder, PATH: '/nowhere', ...env },
    });

  beforeAll(async () => {
    const { code, stdout } = await longtail(['bundle', '--out', at('b.tar')]);
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/b\.tar: \d+\.\d MB\nnext: scp .*tar xf b\.tar/),
    ]);
    execFileSync('tar', ['-xf', at('b.tar'), '-C', folder]);
  }, 120_000);

  it('says which version it is, from any folder, through a link, too', () => {
    const { version, commit } = longtailVersion();
    expect(run(['--version'])).toBe(`longtail ${version}, commit ${commit}\n`);
    execFileSync('ln', ['-s', at('longtail/longtail'), at('link')]);
    const options = { encoding: 'utf8', env: { PATH: process.env.PATH } } as const;
    expect(execFileSync(at('link'), ['--version'], options)).toContain(version);
  });

  it('has what is loaded, the notices, and nothing for other machines', () => {
    const files = readdirSync(at('longtail'), { recursive: true, encoding: 'utf8' });
    const has = (pattern: RegExp) => files.some((file) => pattern.test(file));
    for (const pattern of [
      /^packages\/datasets\/src\/batches\/thread\.ts$/,
      /\.wasm$/,
      /koffi\.node$/,
      /turbojpeg\.so/,
    ])
      expect([pattern, has(pattern)]).toEqual([pattern, true]);
    expect(files.filter((file) => /darwin|win32|musl|\.map$|\.test\.ts$/.test(file))).toEqual([]);
    for (const name of ['LICENSE', 'NOTICE.txt', 'README.txt', 'VERSION'])
      expect(existsSync(at('longtail', name))).toBe(true);
  });

  it('names three roads where there is no torch', async () => {
    const root = at('longtail');
    const roads = `put a libtorch into ${root}/torch, set LONGTAIL_TORCH to the folder of a torch, 2.11 or newer, or start it where python3 has one.\n`;
    const env = { LONGTAIL_BUNDLE: root, LONGTAIL_CACHE: at('cache'), LONGTAIL_TORCH: '', PATH: '/nowhere' };
    const { code, stderr } = await longtail(['run', 'demo', '--backend', 'torch', '--out', at('run')], {
      env,
    });
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^no libtorch was found \(/)]);
    expect(stderr.endsWith(roads)).toBe(true);
    expect(run(['engine', 'status'])).toMatch(/^backend +wasm$/m);
  });
});
