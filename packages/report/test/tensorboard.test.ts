import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { crc32c } from '../src/tensorboard/crc32c.ts';
import { tensorBoardFiles } from '../src/tensorboard/event-files.ts';
import { madeUpResults, madeUpRow } from '../src/testing.ts';

const golden = JSON.parse(readFileSync(join(import.meta.dirname, 'golden/event-file.json'), 'utf8'));
const rows = ['instance-balanced', 'Mine / 2'].flatMap((sampler) =>
  ['joint', 'crt'].map((classifier) => madeUpRow(sampler, classifier, [0.9, 0.5, 0.1])),
);
const results = madeUpResults(rows);

describe('crc32c', () => {
  it('is that of RFC 3720, B.4', () => {
    expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
    expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
    expect(crc32c(Uint8Array.from({ length: 32 }, (_, i) => i))).toBe(0x46dd794e);
    expect(crc32c(new TextEncoder().encode('123456789'))).toBe(0xe3069283);
  });
});

describe('tensorBoardFiles', () => {
  it("writes the bytes that TensorBoard's own writer does", () => {
    const { date, epochs, bytes } = golden;
    const made = [
      { date, command: '', longtail: '', node: '', engine: results.engine!, threads: 1, cpu: '' },
    ];
    const history = epochs.map((epoch: object) => ({ sampler: 'instance-balanced', ...epoch }));
    const [file] = tensorBoardFiles({ ...results, history, made });
    expect(file!.path).toBe('instance-balanced/events.out.tfevents.0.longtail');
    expect(Buffer.from(file!.bytes).toString('base64')).toBe(bytes);
  });

  it('gives classifiers alone where there is no history, and nothing of absent scores', () => {
    const { history: _, ...bare } = results;
    const [few] = [{ ...rows[0]!, scores: { all: 0.5, many: 0.5, medium: null, few: null } }];
    const files = tensorBoardFiles({ ...bare, rows: [few!] });
    expect(files.map(({ path }) => path)).toEqual(['instance-balanced/joint/events.out.tfevents.0.longtail']);
    const text = Buffer.from(files[0]!.bytes).toString('latin1');
    expect(text.match(/test\/\w+/g)).toEqual(['test/many', 'test/all']);
  });

  it('is read back by TensorBoard, where LONGTAIL_PYTHON has it', { timeout: 60_000 }, ({ skip }) => {
    const python = process.env.LONGTAIL_PYTHON;
    if (!python || !has(python, 'tensorboard')) {
      console.warn('skipped: LONGTAIL_PYTHON names no Python with tensorboard');
      return skip('no tensorboard');
    }
    const folder = mkdtempSync(join(tmpdir(), 'longtail-tensorboard-'));
    try {
      for (const { path, bytes } of tensorBoardFiles(results)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), bytes);
      }
      const script = join(import.meta.dirname, 'golden/read-tensorboard.py');
      const runs = JSON.parse(execFileSync(python, [script, folder], { encoding: 'utf8' }));
      expect(Object.keys(runs).sort()).toEqual(
        ['Mine-2', 'instance-balanced'].flatMap((run) => [run, `${run}/crt`, `${run}/joint`]),
      );
      const { 'train/loss': losses, 'train/learning_rate': rates } = runs['Mine-2'];
      const epochs = [1, 2, 3].map((epoch) => [epoch, Math.fround(3 / epoch), epoch]);
      expect(losses).toEqual(epochs);
      expect(rates[0]).toEqual([1, Math.fround(0.1), 1]);
      const scores = runs['instance-balanced/crt'];
      expect(scores['test/few']).toEqual([[3, Math.fround(0.1), 3]]);
      expect(Object.keys(scores)).toHaveLength(6);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

function has(python: string, module: string): boolean {
  try {
    execFileSync(python, ['-c', `import ${module}`], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
