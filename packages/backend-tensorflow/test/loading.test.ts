/** What happens to the process: it must end by itself, whatever was loaded. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { tensorflowFolders } from '@longtail/test-support';
import { afterAll, describe, expect, it } from 'vitest';

const folders = tensorflowFolders();
const root = mkdtempSync(join(tmpdir(), 'longtail-loading-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

async function load(library: string): Promise<string> {
  const program = join(import.meta.dirname, 'load-program.ts');
  const { stdout } = await promisify(execFile)(process.execPath, [program, library, folders!.javascript]);
  return stdout.trim();
}

describe.skipIf(!folders)('a process that loads TensorFlow', () => {
  it('ends well after a single operation', async () => {
    expect(await load(folders!.library)).toBe('3');
  });

  it('is told of a library that was cut short', async () => {
    const [whole, cut] = ['libtensorflow_framework.so.2', 'libtensorflow_cc.so.2'] as const;
    symlinkSync(join(folders!.library, whole), join(root, whole));
    writeFileSync(join(root, cut), 'begun');
    expect(await load(root)).toMatch(
      /^EngineError: .*libtensorflow_cc.so.2 is cut short; run "npx @longtail\/engine install/,
    );
  });
});
