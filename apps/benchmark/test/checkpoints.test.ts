/** The last two checkpoints of a training: how often they are written, and which one a training goes on from. */
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataError, UsageError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluateRun } from '../src/evaluate-run.ts';
import type { Results } from '../src/results.ts';
import { stampMetadata } from '../src/run-stamp.ts';
import { chosenSaveEvery, saveClock, saveEveryOf } from '../src/save-every.ts';
import { readArrays, writeArrays } from '../src/stage-file.ts';
import { trainedJointHead } from '../src/trained-representation.ts';
import { trainingRecord } from '../src/training-state.ts';
import { at, carriedOut, run, settingsOf } from './tiny-run.ts';

const root = mkdtempSync(join(tmpdir(), 'longtail-checkpoints-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('how often', () => {
  it.each([
    ['10min', { minutes: 10 }],
    ['0.5 minutes', { minutes: 0.5 }],
    ['1minute', { minutes: 1 }],
    ['200steps', { steps: 200 }],
    ['1 step', { steps: 1 }],
  ])('%s', (text, every) => expect(saveEveryOf(text, { of: 'it' })).toEqual(every));

  it.each(['', '10', 'min', '0min', '0steps', '1.5steps', '-1min', '1e3steps', '10h', '1min '])(
    'not "%s"',
    (text) => {
      expect(() => saveEveryOf(text, { of: '--save-every' })).toThrow(UsageError);
      expect(() => saveEveryOf(text, { of: '--save-every' })).toThrow(
        `--save-every takes minutes or steps above 0, such as 10min or 200steps, but got "${text}".`,
      );
    },
  );

  it('is what the flag says, else the environment, else ten minutes', () => {
    const env = { LONGTAIL_SAVE_EVERY: '3steps' };
    expect(chosenSaveEvery('2steps', env)).toEqual({ steps: 2 });
    expect(chosenSaveEvery(undefined, env)).toEqual({ steps: 3 });
    expect(chosenSaveEvery(undefined, {})).toEqual({ minutes: 10 });
    expect(() => chosenSaveEvery(undefined, { LONGTAIL_SAVE_EVERY: 'often' })).toThrow(
      'LONGTAIL_SAVE_EVERY takes minutes',
    );
  });

  it('is counted from the last save', () => {
    const clock = saveClock({ steps: 2 });
    const due = [clock.isDue()];
    for (let step = 0; step < 2; step++) {
      clock.step();
      due.push(clock.isDue());
    }
    clock.saved();
    expect([...due, clock.isDue()]).toEqual([false, false, true, false]);
    expect(saveClock({ minutes: 1e-9 }).isDue()).toBe(true);
    expect(saveClock({ minutes: 10 }).isDue()).toBe(false);
  });
});

describe('the last two checkpoints', { timeout: 120_000 }, () => {
  const options = { epochs: 2, batchSize: 4 };
  const asked = { options, saveEvery: { steps: 2 } };
  const begun = join(root, 'begun');
  const previous = 'representation.previous';
  let wanted: Results;
  beforeAll(async () => {
    wanted = await run(join(root, 'whole'), { options });
    await expect(carriedOut(begun, { ...asked, stops: true })).rejects.toThrow('stopped');
    await expect(carriedOut(begun, { ...asked, stops: true })).rejects.toThrow('stopped');
  }, 120_000);
  let copies = 0;
  const copy = () => {
    const folder = join(root, `copy-${copies++}`);
    cpSync(begun, folder, { recursive: true });
    return folder;
  };
  const stateOf = async (path: string) => (await trainingRecord(path, { after: '' })).state;

  it('are one after another, and within an epoch', async () => {
    const [last, before] = [await stateOf(at(begun, 'representation')), await stateOf(at(begun, previous))];
    expect([before.epoch, before.seen, last.epoch, last.seen]).toEqual([0, 4, 0, 8]);
    const folder = copy();
    await carriedOut(folder, asked);
    // 5 steps of 4 an epoch: saved after 2, 4 and all of them
    expect(await stateOf(at(folder, previous))).toMatchObject({ epoch: 1, seen: 16 });
    expect((await evaluateRun(folder)).rows).toEqual(wanted.rows);
  });

  it('are no joint head of classifiers before the training is over', async () => {
    const of = { folder: begun, settings: settingsOf(asked) };
    await expect(trainedJointHead(of, 'instance-balanced')).rejects.toThrow(
      /expected 2 epochs .*, but found 0/,
    );
    const joint = await trainedJointHead({ ...of, folder: join(root, 'whole') }, 'instance-balanced');
    expect([joint.name, joint.numClasses]).toEqual(['joint', 3]);
    joint.dispose();
  });

  const cut = (path: string) => writeFileSync(path, readFileSync(path).subarray(0, 5000));
  const flipped = (path: string) => {
    const content = readFileSync(path);
    content[content.length - 8]! ^= 64;
    writeFileSync(path, content);
  };
  /** By one digit of how far it says it is. */
  const misstated = (path: string) => {
    const text = readFileSync(path, 'latin1');
    expect(text).toContain('\\"seen\\":8');
    writeFileSync(path, text.replace('\\"seen\\":8', '\\"seen\\":4'), 'latin1');
  };
  const ofOtherSeed = async (path: string) => {
    const { arrays, metadata, stamp } = await readArrays(path, { after: '' });
    const train = { ...stamp!.train, seed: 1 };
    await writeArrays(path, arrays, { ...metadata, ...stampMetadata({ train }) });
  };
  it.each([
    ['of another digit', misstated, 'damaged'],
    ['of another seed', ofOtherSeed, 'of another run'],
    ['cut', cut, 'damaged'],
    ['of another bit', flipped, 'damaged'],
    ['empty', (path: string) => writeFileSync(path, ''), 'damaged'],
    ['gone', (path: string) => rmSync(path), 'not there'],
  ])('give way to the one before where the last is %s', async (_, damage, found) => {
    const folder = copy();
    const path = at(folder, 'representation');
    await damage(path);
    const { notes } = await carriedOut(folder, asked);
    expect(notes).toEqual([
      `${path} is ${found}: the training goes on from the checkpoint before it, 0 epochs and 4 pictures in.`,
    ]);
    expect((await evaluateRun(folder)).rows).toEqual(wanted.rows);
  });

  it('are no help where both are damaged: the last is named, and no tensor is left', async () => {
    const folder = copy();
    flipped(at(folder, 'representation'));
    flipped(at(folder, previous));
    const before = tf.memory().numTensors;
    await expect(carriedOut(folder, asked)).rejects.toThrow(DataError);
    await expect(carriedOut(folder, asked)).rejects.toThrow(
      `expected the numbers that were written in ${at(folder, 'representation')}, but their checksum is another; delete it and`,
    );
    expect(tf.memory().numTensors).toBe(before);
    rmSync(at(folder, 'representation'));
    await carriedOut(folder, asked);
    expect((await evaluateRun(folder)).rows).toEqual(wanted.rows);
  });

  it('of another run are refused, not gone back to', async () => {
    const folder = copy();
    rmSync(at(folder, 'representation'));
    await expect(carriedOut(folder, { ...asked, seed: 1 })).rejects.toThrow(
      /is of another run: seed 0 there, 1 asked for/,
    );
  });

  it('are refused and left alone where neither is of the run', async () => {
    const folder = copy();
    const paths = [at(folder, 'representation'), at(folder, previous)];
    for (const path of paths) await ofOtherSeed(path);
    const before = paths.map((path) => readFileSync(path));
    await expect(carriedOut(folder, asked)).rejects.toThrow(/is of another run: seed 1 there, 0 asked for/);
    expect(paths.map((path) => readFileSync(path))).toEqual(before);
  });

  it('are removed by --fresh', async () => {
    const folder = copy();
    const stopped = carriedOut(folder, { ...asked, seed: 1, fresh: true, stops: true });
    await expect(stopped).rejects.toThrow('stopped');
    expect(existsSync(at(folder, previous))).toBe(false);
    expect(statSync(at(folder, 'representation')).size).toBeGreaterThan(0);
  });
});
