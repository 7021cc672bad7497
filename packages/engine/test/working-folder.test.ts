/** The working folder may be anybody's: nothing in it is loaded, run or found. */
import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { torchLibrary } from '@longtail/test-support';
import { afterAll, beforeEach, expect, it, vi } from 'vitest';
import { hasPip, tinyLibrary } from './tiny-wheel.ts';

const root = mkdtempSync(join(tmpdir(), 'longtail-folder-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const run = promisify(execFile);
const marker = join(root, 'was-run');

/** A folder of traps: each leaves the marker when it is run. */
const traps = join(root, 'traps');
const mark = `open(${JSON.stringify(marker)}, "a").write(__file__)\n`;
for (const folder of ['torch/lib', 'torch-2.99.0.dist-info', 'pip', 'node_modules/koffi', 'npm'])
  mkdirSync(join(traps, folder), { recursive: true });
for (const name of [
  'torch/__init__',
  'pip/__init__',
  'pip/__main__',
  'os',
  'csv',
  'email',
  'zipfile',
  'importlib',
  'sitecustomize',
  'json',
])
  writeFileSync(join(traps, `${name}.py`), mark);
writeFileSync(
  join(traps, 'torch-2.99.0.dist-info/METADATA'),
  'Metadata-Version: 2.1\nName: torch\nVersion: 2.99.0\n',
);
for (const path of ['torch/lib', '.'])
  for (const name of ['libtorch_cpu.so', 'libc10.so', 'libgomp.so.1'])
    writeFileSync(join(traps, path, name), 'not a library');
writeFileSync(
  join(traps, 'node_modules/koffi/index.js'),
  `require('fs').writeFileSync(${JSON.stringify(marker)}, 'koffi')`,
);
const index = JSON.stringify(join(import.meta.dirname, '../src/index.ts'));
/** Runs a module's lines there. */
async function there(lines: string, env: Record<string, string> = {}): Promise<string> {
  const program = `import * as engine from ${index};\n${lines}`;
  const { stdout } = await run(process.execPath, ['--no-warnings', '--input-type=module', '-e', program], {
    cwd: traps,
    env: { ...process.env, LONGTAIL_TORCH: '', ...env },
  });
  return stdout;
}

beforeEach(() => {
  rmSync(marker, { force: true });
  return () => {
    expect(existsSync(marker), 'a trap was run').toBe(false);
    vi.unstubAllEnvs();
  };
});

it.skipIf(!hasPip)('holds traps that would work', async () => {
  await run('python3', ['-m', 'pip', '--version'], { cwd: traps }).catch(() => {});
  expect(existsSync(marker)).toBe(true);
  rmSync(marker);
});

it.each([{}, { PYTHONPATH: ':' }])('has no torch for us (%j)', async (env) => {
  const found = await there('console.log(JSON.stringify(await engine.findTorch()));', {
    LONGTAIL_CACHE: join(root, 'empty'),
    ...env,
  });
  expect(found).not.toContain('2.99.0');
  expect(found).not.toContain(traps);
});

it.skipIf(!hasPip)('has no pip for us', async () => {
  const library = tinyLibrary(join(root, 'wheels')); // also tells pip where to look
  const said = await there(
    `import { fetchPinned } from ${JSON.stringify(join(import.meta.dirname, '../src/fetch-pinned.ts'))};
    const library = ${JSON.stringify(library)};
    console.log(await fetchPinned('torch', { host: engine.thisHost(), library, isThere: () => false, verify: async () => {} }));`,
    { LONGTAIL_CACHE: join(root, 'cache') },
  );
  expect(said).toContain(join(root, 'cache', 'torch-1.0-'));
});

it.skipIf(!torchLibrary())('lends no library to the engine that loads', async () => {
  const said = await there(
    'const e = await engine.loadEngine({ backend: "torch" }); console.log(e.library, e.tf.add([1], [2]).dataSync()[0]);',
    { LONGTAIL_TORCH: torchLibrary()! },
  );
  expect(said.trim()).toBe(`${torchLibrary()} 3`);
});
