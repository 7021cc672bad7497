import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { patience } from '../src/steady-malloc.ts';

const module = join(import.meta.dirname, '../src/steady-malloc.ts');
const program = `
import { steadyMalloc } from ${JSON.stringify(module)};
steadyMalloc();
console.log(JSON.stringify({ spins: process.env.GOMP_SPINCOUNT, tunables: process.env.GLIBC_TUNABLES, args: process.argv.slice(1), flags: process.execArgv }));
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

it('keeps threads from spinning where more want to run than there are cores, and the user has chosen nothing', () => {
  const busy = { load: 2.1, cores: 2 };
  expect(patience({}, busy)).toEqual({ GOMP_SPINCOUNT: '3000' });
  expect(patience({}, { load: 2, cores: 2 })).toEqual({});
  expect(patience({ GOMP_SPINCOUNT: '0' }, busy)).toEqual({});
  expect(patience({ OMP_WAIT_POLICY: 'active' }, busy)).toEqual({});
});

it.runIf(process.platform === 'linux')('leaves how long threads spin to the user', async () => {
  expect((await start({ GOMP_SPINCOUNT: '7' })).spins).toBe('7');
});
