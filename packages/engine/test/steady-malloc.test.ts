import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

const module = join(import.meta.dirname, '../src/steady-malloc.ts');
const program = `
import { steadyMalloc } from ${JSON.stringify(module)};
steadyMalloc();
console.log(JSON.stringify({ tunables: process.env.GLIBC_TUNABLES, args: process.argv.slice(1), flags: process.execArgv }));
`;
const start = async (env: Record<string, string>) => {
  const args = ['--no-warnings', '--input-type=module', '-e', program, 'one', 'two words'];
  const { stdout } = await promisify(execFile)(process.execPath, args, {
    env: { PATH: process.env.PATH, ...env },
  });
  return JSON.parse(stdout);
};

it.runIf(process.platform === 'linux')(
  'begins the program again, once, with the same arguments',
  async () => {
    const { tunables, args, flags } = await start({});
    expect(tunables).toMatch(/glibc\.malloc\.tcache_count=0/);
    expect(args).toEqual(['one', 'two words']);
    expect(flags).toContain('--no-warnings');
  },
);

it('leaves settings of the user alone', async () => {
  expect((await start({ GLIBC_TUNABLES: 'glibc.malloc.check=0' })).tunables).toBe('glibc.malloc.check=0');
});
