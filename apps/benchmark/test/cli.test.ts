import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findGpu } from '@longtail/engine';
import { describe, expect, it } from 'vitest';
import { CLI, longtail } from './longtail.ts';

describe('longtail', () => {
  it('status --json prints one JSON document', async () => {
    const { code, stdout } = await longtail(['engine', 'status', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      backend: expect.stringMatching(/torch|wasm/),
      node: process.version,
    });
  });

  it('status tells of the GPU, and what is installed for it', async () => {
    const { stdout } = await longtail(['engine', 'status']);
    expect(stdout).toMatch(/^gpu +(none answers: .+|.+)\n {2}torch +.+\n {2}tensorflow +.+$/m);
  });

  it('--help loads neither tfjs nor charts, which take their time', async () => {
    const hook = `import { registerHooks } from 'node:module';
registerHooks({ load: (url, context, next) => (process.stderr.write(url + '\\n'), next(url, context)) });`;
    const NODE_OPTIONS = `--import=data:text/javascript,${encodeURIComponent(hook)}`;
    const { code, stdout, stderr } = await longtail(['--help'], { env: { NODE_OPTIONS } });
    expect([code, stdout]).toEqual([0, expect.stringContaining('rebalance')]);
    expect(stderr).toContain('/src/cli.ts');
    expect(stderr.split('\n').filter((url) => /tfjs-core|\/vega|onnxruntime/.test(url))).toEqual([]);
  });

  it('refuses --autocast with another backend before --fresh removes a run', async () => {
    const out = mkdtempSync(join(tmpdir(), 'longtail-cli-'));
    const result = join(out, 'run.json');
    writeFileSync(result, '{}');
    const flags = ['--backend', 'wasm', '--autocast', 'bfloat16', '--fresh', '--out', out];
    const { code, stderr } = await longtail(['run', 'demo', ...flags]);
    expect(code).toBe(1);
    expect(stderr).toBe('autocast is for the backend torch, but the backend is wasm.\n');
    expect(existsSync(result)).toBe(true);
  });

  it.runIf(typeof findGpu() === 'string')(
    '--device gpu ends with 1 and the reason where none answers',
    async () => {
      const out = join(mkdtempSync(join(tmpdir(), 'longtail-cli-')), 'run');
      const { code, stderr } = await longtail(['run', 'demo', '--device', 'gpu', '--out', out]);
      expect(code).toBe(1);
      expect(stderr).toMatch(
        /^expected a GPU for the device "gpu", but none answers: .*, or take the device "cpu"\.\n$/,
      );
      expect(existsSync(out)).toBe(false);
      const unknown = await longtail(['extract', out, '--device', 'tpu']);
      expect(unknown.code).toBe(2);
      expect(unknown.stderr).toMatch(/Allowed choices are auto, cpu, gpu/);
    },
  );

  it('ends with 2 and one clear line for an unknown command or option', async () => {
    const unknown = await longtail(['enginge']);
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toMatch(/unknown command 'enginge'/);
    const option = await longtail(['engine', 'status', '--jason']);
    expect(option.code).toBe(2);
    expect(option.stderr).toMatch(/unknown option '--jason'/);
    expect(option.stderr).not.toMatch(/\n\s+at /);
  });

  it('ends quietly when its reader does', async () => {
    const { stderr } = await promisify(execFile)('sh', [
      '-c',
      `"${process.execPath}" "${CLI}" --help | true`,
    ]);
    expect(stderr).toBe('');
  });

  it.each([
    [[]],
    [['run']],
    [['train']],
    [['extract']],
    [['classify']],
    [['evaluate']],
    [['report']],
    [['reproduce']],
    [['engine', 'install']],
  ])('%j --help has examples', async (command) => {
    const { code, stdout } = await longtail([...command, '--help']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Examples?:\n {2}node src\/cli\.ts /);
  });
});
