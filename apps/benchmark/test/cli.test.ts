import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
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

  it.each([[[]], [['run']], [['train']], [['extract']], [['classify']], [['evaluate']], [['report']]])(
    '%j --help has examples',
    async (command) => {
      const { code, stdout } = await longtail([...command, '--help']);
      expect(code).toBe(0);
      expect(stdout).toMatch(/Examples?:\n {2}longtail /);
    },
  );
});
