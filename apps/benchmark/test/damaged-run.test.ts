/** Damaged files of a run end in one sentence whose advice works, and `--fresh` always starts over. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DataError, LongtailError } from '@longtail/core';
import { decodeSafetensors, encodeSafetensors } from '@longtail/formats';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { evaluateRun } from '../src/evaluate-run.ts';
import { readResults } from '../src/read-results.ts';
import type { Results } from '../src/results.ts';
import { openRun } from '../src/run-directory.ts';
import type { StageName } from '../src/stages.ts';
import { writeJson } from '../src/stored-json.ts';
import { longtail } from './longtail.ts';
import { at, carriedOut, run } from './tiny-run.ts';

const root = mkdtempSync(join(tmpdir(), 'longtail-damaged-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const whole = join(root, 'whole');
let results: Results;
beforeAll(async () => {
  results = await run(whole);
  await writeJson(join(whole, 'results.json'), results);
}, 120_000);

let copies = 0;
function copy(): string {
  const folder = join(root, `copy-${copies++}`);
  cpSync(whole, folder, { recursive: true });
  return folder;
}

/** @returns the error that is neither raw nor more than a line */
async function refusal(attempt: Promise<unknown>): Promise<string> {
  const error = await attempt.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(LongtailError);
  const { message } = error as Error;
  expect(message).not.toMatch(/\n|undefined|TypeError/);
  return message;
}

const JSONS = ['', '{"recipe": "de', '[]', '{}', 'null', '7', '{"seed": "0"}'];
const reading = readResults;

describe('a damaged JSON file', { timeout: 120_000 }, () => {
  it.each(JSONS)('run.json %j: its advice works, and so does --fresh', async (text) => {
    const folder = copy();
    const path = join(folder, 'run.json');
    writeFileSync(path, text);
    for (const attempt of [() => carriedOut(folder), () => evaluateRun(folder), () => openRun(folder)])
      expect(await refusal(attempt())).toMatch(
        /^expected the JSON of a run in .*run\.json, but .*; delete it and give the command of the run again, which keeps what else is there, or start over with --fresh\.$/,
      );
    rmSync(path);
    expect(await carriedOut(folder)).toEqual({ done: [], notes: [] });
    writeFileSync(path, text);
    expect((await carriedOut(folder, { fresh: true })).done).toEqual(['train', 'extract', 'classify']);
    expect((await evaluateRun(folder)).rows).toEqual(results.rows);
  });

  it('run.json with options that there are not names them', async () => {
    const folder = copy();
    const settings = { ...(await openRun(folder)), options: { epoch: 3 } };
    writeFileSync(join(folder, 'run.json'), JSON.stringify(settings));
    expect(await refusal(openRun(folder))).toMatch(/"options" is wrong \(.*"epoch".*; delete it/);
  });

  it.each(JSONS)('dataset.json %j: the run writes it again', async (text) => {
    const folder = copy();
    writeFileSync(join(folder, 'dataset.json'), text);
    expect(await refusal(evaluateRun(folder))).toMatch(
      /dataset\.json, but .*; run "longtail run RECIPE --out .*" again/,
    );
    expect(await carriedOut(folder)).toEqual({ done: [], notes: [] });
    expect((await evaluateRun(folder)).dataset).toEqual(results.dataset);
  });

  it.each([
    { trainCounts: [3, 6, 12] },
    { trainSize: 20 },
    { testSize: 7 },
    { name: 'other', validation: true },
  ])('dataset.json that says %j of the same pictures: the run writes it again', async (said) => {
    const folder = copy();
    const path = join(folder, 'dataset.json');
    const written = readFileSync(path, 'utf8');
    writeFileSync(path, JSON.stringify({ ...JSON.parse(written), ...said }));
    expect(await carriedOut(folder)).toEqual({ done: [], notes: [] });
    expect(readFileSync(path, 'utf8')).toBe(written);
  });

  it.each([...JSONS, '{"rows": []}'])(
    'results.json %j: the report says which command writes it',
    async (text) => {
      const folder = copy();
      writeFileSync(join(folder, 'results.json'), text);
      const message = await refusal(reading(folder));
      expect(message).toMatch(/^expected the JSON of a run in .*results\.json, but /);
    },
  );

  it('results.json is whole after it was written', async () => {
    expect(await reading(whole)).toEqual(JSON.parse(JSON.stringify(results)));
  });

  it('that is a folder is refused, and left alone', async () => {
    const folder = copy();
    rmSync(join(folder, 'run.json'));
    mkdirSync(join(folder, 'run.json'));
    expect(await refusal(carriedOut(folder))).toMatch(/run\.json, but .*EISDIR/);
    expect(await refusal(carriedOut(folder, { fresh: true }))).toMatch(/run\.json/);
  });
});

const cut = (path: string) => {
  const content = readFileSync(path);
  writeFileSync(path, content.subarray(0, content.length / 2));
};
/** The same file with its arrays changed. */
const change =
  (edit: (arrays: Map<string, { shape: readonly number[]; data: unknown }>) => void) => (path: string) => {
    const { arrays, metadata } = decodeSafetensors(readFileSync(path));
    edit(arrays as never);
    writeFileSync(path, encodeSafetensors(arrays, metadata));
  };
const reshaped = change((arrays) => {
  for (const [name, array] of arrays) arrays.set(name, { ...array, shape: [1, ...array.shape] });
});
const emptied = change((arrays) => arrays.clear());
const negated = change((arrays) => {
  for (const { data } of arrays.values()) {
    const values = data as Float32Array;
    for (let i = 0; i < values.length; i++) values[i] = -values[i]!;
  }
});
/** Beside the checksum of what it said. */
const reworded = (path: string) => {
  const file = decodeSafetensors(readFileSync(path));
  writeFileSync(path, encodeSafetensors(file.arrays, { ...file.metadata, seconds: '1' }));
};
/** As files of before, which have no checksums. */
const saying = (said: Record<string, string>) => (path: string) => {
  const file = decodeSafetensors(readFileSync(path));
  const { metadataHash, arrays, ...metadata } = file.metadata;
  writeFileSync(path, encodeSafetensors(file.arrays, { ...metadata, ...said }));
};
const DAMAGES: [string, (path: string) => void][] = [
  ['empty', (path) => writeFileSync(path, '')],
  ['cut', cut],
  ['text', (path) => writeFileSync(path, '{"a": 1}'.repeat(100))],
  ['of other shapes', reshaped],
  ['without arrays', emptied],
  ['of negated numbers', negated],
  ['of other metadata', reworded],
];

describe('a damaged stage file', { timeout: 120_000 }, () => {
  it.each([...DAMAGES, ['of a strange state', saying({ training: '[]' })] as const])(
    'representation %s: is named, and what is said of it works',
    async (_, damage) => {
      const folder = copy();
      rmSync(at(folder, 'features'));
      const path = at(folder, 'representation');
      damage(path);
      const before = tf.memory().numTensors;
      const message = await refusal(carriedOut(folder));
      expect(message).toContain(path);
      expect(message).toMatch(
        /delete it and give the command of the run again, which keeps what else is there\.$/,
      );
      await refusal(carriedOut(folder, { begins: false, again: true, stages: ['classify'] }));
      expect(tf.memory().numTensors).toBe(before);
      rmSync(path);
      expect((await carriedOut(folder)).done).toEqual(['train', 'extract', 'classify']);
      expect((await evaluateRun(folder)).rows).toEqual(results.rows);
      damage(path);
      await carriedOut(folder, { fresh: true });
      expect((await evaluateRun(folder)).rows).toEqual(results.rows);
    },
  );

  const later: [string, StageName[], string][] = [
    ['features', ['extract', 'classify'], 'extract'],
    ['classifiers', ['classify'], 'classify'],
    ['predictions', ['classify'], 'classify'],
  ];
  const cases = later.flatMap(([file, stages, command]) =>
    [...DAMAGES, ['with strange notes', saying({ skipped: 'many', chosen: '[]' })] as const].map(
      ([how, damage]) => [file, how, damage, stages, command] as const,
    ),
  );
  it.each(cases)('%s %s: are computed again', async (file, how, damage, stages, command) => {
    const folder = copy();
    damage(at(folder, file));
    const isHeaded = ['of other shapes', 'without arrays', 'of negated numbers', 'with strange notes'];
    if (isHeaded.includes(how)) {
      // Its stamp is right, so that only who reads the rest can tell.
      const isRead = file === 'features' || how !== 'with strange notes' || file === 'predictions';
      const attempt = () =>
        file === 'features'
          ? carriedOut(folder, { begins: false, again: true, stages: ['classify'] })
          : evaluateRun(folder);
      if (isRead)
        expect(await refusal(attempt())).toMatch(new RegExp(`run "longtail ${command} ${folder}" again`));
      await carriedOut(folder, { begins: false, again: true, stages });
    } else {
      const { notes, done } = await carriedOut(folder);
      expect(done).toEqual(stages);
      expect(notes[0]).toBe(
        `${at(folder, file)} cannot stay: the file is damaged; ${command} is done again.`,
      );
    }
    expect((await evaluateRun(folder)).rows).toEqual(results.rows);
  });

  it('is read as ever where it is of before, without checksums', async () => {
    const folder = copy();
    for (const file of ['representation', 'features', 'classifiers', 'predictions'])
      saying({})(at(folder, file));
    expect(await carriedOut(folder)).toEqual({ done: [], notes: [] });
    const again = { begins: false, again: true, stages: ['classify'] } as const;
    expect((await carriedOut(folder, again)).done).toEqual(['classify']);
    expect((await evaluateRun(folder)).rows).toEqual(results.rows);
  });

  it('is an error of data, not of its reader', async () => {
    const folder = copy();
    cut(at(folder, 'predictions'));
    await expect(evaluateRun(folder)).rejects.toThrow(DataError);
  });
});

describe('the command', { timeout: 120_000 }, () => {
  it('ends with 1 and a line where results.json is damaged', async () => {
    const folder = copy();
    writeFileSync(join(folder, 'results.json'), '{}');
    const report = await longtail(['report', folder]);
    expect(report).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^expected the JSON of a run in .*; run ".+ evaluate .*" again\.\n$/),
    });
    expect((await longtail(['evaluate', folder])).code).toBe(0);
    expect((await longtail(['report', folder])).code).toBe(0);
    expect(existsSync(join(folder, 'report.html'))).toBe(true);
  });

  it.each([
    [['run', 'demo', '--out', '']],
    [['run', 'demo', '--data', '']],
    [['train', 'demo', '--out', ' ']],
    [['data', 'pack', 'folder', '--data', root, '--out', '']],
    [['extract', '']],
    [['classify', '']],
    [['evaluate', '']],
    [['report', '']],
  ])('%j is wrong usage', async (args) => {
    const { code, stderr } = await longtail(args);
    expect([code, stderr]).toEqual([
      2,
      expect.stringMatching(/argument.*'\s?' is invalid.*It names a file or folder, but is empty/),
    ]);
  });
});
