/** Signals as the command hears them, in a process of their own. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { CLI } from './longtail.ts';

const MODULE = JSON.stringify(join(import.meta.dirname, '../src/cli/stop.ts'));

/** @param body what is done with `signal` and `send`, in a process that would live on for a minute */
function heard(body: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const program = `import { stopSignal } from ${MODULE};
    import { setTimeout } from 'node:timers/promises';
    const signal = stopSignal();
    const send = (name) => process.kill(process.pid, name);
    const alive = globalThis.setTimeout(() => {}, 60_000);
    ${body}`;
  return new Promise((resolve) => {
    execFile(process.execPath, ['--input-type=module', '-e', program], (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), stdout, stderr }),
    );
  });
}

it.each(['SIGINT', 'SIGTERM', 'SIGUSR1', 'SIGUSR2'])(
  '%s aborts the work, and starts no inspector',
  async (name) => {
    const { code, stdout, stderr } = await heard(`
      send('${name}');
      while (!signal.aborted) await setTimeout(5);
      console.log(signal.reason.message);
      clearTimeout(alive);`);
    expect([code, stdout, stderr]).toEqual([
      0,
      `stopped by ${name}; start the command again to go on.\n`,
      '',
    ]);
  },
  30_000,
);

it('one that comes twice at once still leaves time to save; one more, later, ends the process', async () => {
  const { code, stdout } = await heard(`
    send('SIGINT');
    send('SIGTERM');
    while (!signal.aborted) await setTimeout(5);
    await setTimeout(100);
    console.log('saved');
    await setTimeout(700);
    send('SIGTERM');`);
  expect([code, stdout]).toEqual([75, 'saved\n']);
}, 30_000);

it.each(['SIGUSR1', 'SIGTERM'] as const)(
  '%s while the command is loaded ends it with 75, and starts no inspector',
  async (name) => {
    const hook = `import { registerHooks } from 'node:module';
      registerHooks({ load: (url, context, next) => (console.error(url), next(url, context)) });`;
    const child = spawn(process.execPath, [
      '--import',
      `data:text/javascript,${encodeURIComponent(hook)}`,
      CLI,
    ]);
    let stderr = '';
    child.stderr.on('data', (text) => {
      const wasLoading = stderr.includes('/cli/main.ts');
      stderr += text;
      if (!wasLoading && stderr.includes('/cli/main.ts')) child.kill(name);
    });
    const [code] = await once(child, 'close');
    expect([code, stderr]).toEqual([
      75,
      expect.stringMatching(`\nstopped by ${name}; start the command again`),
    ]);
    expect(stderr).not.toContain('Debugger');
  },
  30_000,
);
