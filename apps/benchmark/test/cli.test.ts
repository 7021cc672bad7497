import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

function longtail(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const cli = join(import.meta.dirname, '../src/cli.ts');
  return new Promise((resolve) => {
    execFile(process.execPath, [cli, ...args], (error, stdout, stderr) =>
      resolve({ code: (error as { code?: number } | null)?.code ?? 0, stdout, stderr }),
    );
  });
}

describe('longtail', () => {
  it('status --json prints one JSON document', async () => {
    const { code, stdout } = await longtail('engine', 'status', '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      backend: expect.stringMatching(/torch|wasm/),
      node: process.version,
    });
  });

  it('ends with 2 and one clear line for an unknown command or option', async () => {
    const unknown = await longtail('enginge');
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toMatch(/unknown command 'enginge'/);
    const option = await longtail('engine', 'status', '--jason');
    expect(option.code).toBe(2);
    expect(option.stderr).toMatch(/unknown option '--jason'/);
    expect(option.stderr).not.toMatch(/\n\s+at /);
  });

  it('--help has examples', async () => {
    const { code, stdout } = await longtail('engine', 'install', '--help');
    expect(code).toBe(0);
    expect(stdout).toMatch(/Examples:\n {2}longtail engine install/);
  });
});
