/** Stage 2's schedule is the recipe's: after one official epoch, whose rate is 0, LWS is where it began. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { torchLibrary } from '@longtail/test-support';
import { afterAll, expect, it } from 'vitest';
import cifar from '../recipes/cifar-10-lt.ts';
import { readArrays, stageFile } from '../src/stage-file.ts';
import { longtail } from './longtail.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-schedule-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const demo = pathToFileURL(join(import.meta.dirname, '../recipes/demo.ts'));
const set = ['epochs=1', 'imagesPerEpoch=64', 'headEpochs=1', 'samplers=instance-balanced'];

it.for(['epoch', 'official'])('%s', { timeout: 120_000 }, async (schedule, context) => {
  if (!torchLibrary()) context.skip('no libtorch: too slow without it');
  const module = join(folder, `${schedule}.ts`);
  writeFileSync(
    module,
    `import demo from '${demo}';\nexport default { ...demo, headSchedule: '${schedule}' };\n`,
  );
  const out = join(folder, `run-${schedule}`);
  const ended = await longtail(['run', module, '--out', out, '--set', ...set]);
  expect([ended.code, ended.stderr]).toEqual([0, expect.any(String)]);
  const { arrays } = await readArrays(stageFile(out, 'instance-balanced', 'classifiers'), { after: '' });
  const scale = Array.from(arrays.get('lws.scale')!.data as Float32Array);
  expect(scale.every((s) => s === 1)).toBe(schedule === 'official');
});

it('is the official one in the recipe that follows it', () => {
  expect(cifar.headSchedule).toBe('official');
});
