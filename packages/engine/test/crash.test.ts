/** A library in the cache whose bytes have changed, but not its size: what the process that it ends leaves to the next. */
import { execFile, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { findTorch, verifyInstallations } from '../src/index.ts';
import { hashesOf } from '../src/installed.ts';

const cache = mkdtempSync(join(tmpdir(), 'longtail-crash-'));
afterAll(() => rmSync(cache, { recursive: true, force: true }));

const { found } = await findTorch();
const original = found?.source === 'cache' ? join(found.library, '../..') : undefined;
if (!original) console.warn('skipped: loads that end their process, as there is no libtorch in the cache.');

const C10 = 'torch/lib/libc10.so';
const files = ['torch/lib/libtorch_cpu.so', C10];

/** An installation whose largest file is the real one's, and whose smallest is a copy. */
async function install(from: string): Promise<string> {
  const root = join(cache, basename(from));
  mkdirSync(join(root, 'torch/lib'), { recursive: true, mode: 0o700 });
  symlinkSync(join(from, 'nvidia'), join(root, 'nvidia'));
  for (const name of readdirSync(join(from, 'torch/lib')))
    if (!C10.endsWith(name)) symlinkSync(join(from, 'torch/lib', name), join(root, 'torch/lib', name));
  copyFileSync(join(from, C10), join(root, C10));
  const stamp = {
    files: Object.fromEntries(files.map((path) => [path, statSync(join(root, path)).size])),
    sha256: await hashesOf(root, [C10]),
  };
  writeFileSync(join(root, 'stamp.json'), JSON.stringify(stamp));
  return root;
}

async function load(): Promise<{ said: string; isEnded: boolean }> {
  const program = `import { loadEngine } from ${JSON.stringify(join(import.meta.dirname, '../src/index.ts'))};
    const { backend, note } = await loadEngine(); console.log(backend, note);`;
  const args = ['--no-warnings', '--input-type=module', '-e', program];
  const env = { ...process.env, LONGTAIL_CACHE: cache, LONGTAIL_TORCH: '', PATH: '' };
  return promisify(execFile)(process.execPath, args, { env }).then(
    ({ stdout }) => ({ said: stdout.trim(), isEnded: false }),
    ({ signal, code }) => ({ said: '', isEnded: signal !== null || code > 128 }),
  );
}

describe.skipIf(!original || process.platform !== 'linux')(
  'a library that ends the process',
  { timeout: 120_000 },
  () => {
    it('is named to the next one, which goes on without it, by its hash', async () => {
      const root = await install(original!);
      const whole = readFileSync(join(root, C10));
      const changed = Buffer.from(whole).fill(0xcc, 500_000, 1_200_000); // x86's breakpoint
      writeFileSync(join(root, C10), changed);

      expect(await load()).toEqual({ said: '', isEnded: true });
      for (let i = 0; i < 2; i++) {
        const { said, isEnded } = await load();
        expect(isEnded).toBe(false);
        expect(said).toMatch(
          /^wasm libtorch is not used.* has ended the last process that loaded it \(.*libc10\.so has other bytes than when it was installed\); run "npx @longtail\/engine install torch"/,
        );
      }
      vi.stubEnv('LONGTAIL_CACHE', cache);
      const [torch] = await verifyInstallations();
      expect(torch).toMatchObject({ library: 'torch', isHashed: true, folder: root });
      expect(torch!.problem).toMatch(/libc10\.so has other bytes/);

      writeFileSync(join(root, C10), whole);
      expect((await load()).said).toBe('torch undefined');
      expect(readdirSync(root)).not.toContainEqual(expect.stringMatching(/^loading-/));
    });

    it('is told after a second time where its bytes are whole, until it has been tried', async () => {
      const root = join(cache, basename(original!));
      const mark = (failures: number) => {
        const { pid } = spawnSync(process.execPath, ['--version']); // which has ended
        writeFileSync(join(root, `loading-${pid}.json`), JSON.stringify({ failures }));
      };
      mark(1);
      expect((await load()).said).toBe('torch undefined');
      mark(2);
      expect((await load()).said).toMatch(
        /ended the last process that loaded it \(2 in a row, its bytes as they were installed\); run "npx @longtail\/engine verify"/,
      );
      vi.stubEnv('LONGTAIL_CACHE', cache);
      expect((await verifyInstallations())[0]!.problem).toBe(null);
      expect((await load()).said).toBe('torch undefined');
    });
  },
);
