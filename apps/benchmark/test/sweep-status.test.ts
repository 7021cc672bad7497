/** What a cell is at, from the folder of its run. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { evaluateRun } from '../src/evaluate-run.ts';
import { writeJson } from '../src/stored-json.ts';
import { type Cell, cellFolder } from '../src/sweep/cell.ts';
import { cellStatuses } from '../src/sweep/cell-status.ts';
import { collect } from '../src/sweep/collect.ts';
import { longtail } from './longtail.ts';
import { makeOlder } from './older-run.ts';
import { run, settingsOf } from './tiny-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-sweep-status-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const cell: Cell = {
  ...{ index: 0, id: '0123456789ab', wave: 0, from: {}, settings: settingsOf({}), groups: 'official' },
  engine: { backend: 'auto', device: 'auto' },
};

async function reported(one: Cell): Promise<string> {
  const place = cellFolder({ folder }, one);
  await writeJson(join(place, 'results.json'), await run(place, { seed: one.settings.seed }));
  writeFileSync(join(place, 'report.html'), '');
  return place;
}

async function older(place: string): Promise<void> {
  makeOlder(place);
  await writeJson(join(place, 'results.json'), await evaluateRun(place));
}

it('is damaged alone where its run cannot be read, and told how to go on', {
  timeout: 120_000,
}, async () => {
  const [odd, good]: Cell[] = ['aaaaaaaaaaaa', 'bbbbbbbbbbbb'].map((id, index) => ({ ...cell, index, id }));
  await reported(good!);
  const path = join(cellFolder({ folder }, odd!), 'run.json');
  await writeJson(path, {});
  writeFileSync(path, '{"recipe": "de');
  const takes: Cell = {
    ...cell,
    index: 2,
    id: 'cccccccccccc',
    wave: 1,
    from: { 'instance-balanced': odd!.id },
  };
  const sweep = { folder, cells: [odd!, good!, takes] };
  const [first, second, third] = await cellStatuses(sweep);
  expect(first).toMatchObject({
    state: 'damaged',
    sentence: `${path} is damaged; delete it and start the sweep again, which keeps what else is there`,
  });
  expect(second!.state).toBe('done');
  expect(third).toMatchObject({
    state: 'waiting',
    sentence: expect.stringMatching(/aaaaaaaaaaaa, which is damaged$/),
  });
  const out = join(folder, 'collected');
  const { runs, damaged } = await collect(sweep, out);
  expect([runs, damaged]).toEqual([[cellFolder({ folder }, good!)], [first!.sentence]]);
  expect(readFileSync(join(out, 'table.md'), 'utf8')).toMatch(/1 of 3 cells; the others are not done\.\n$/);

  writeFileSync(join(folder, 'sweep.jsonl'), sweep.cells.map((one) => `${JSON.stringify(one)}\n`).join(''));
  const said = await longtail(['sweep', 'status', folder]);
  expect([said.code, said.stdout]).toEqual([
    0,
    expect.stringMatching(/ damaged +.*\n.* done(.*\n)*1 done, 1 waiting, 1 damaged\n$/),
  ]);
  const collecting = await longtail(['sweep', 'collect', folder, '--out', out]);
  expect([collecting.code, collecting.stderr]).toEqual([
    0,
    `left out: ${first!.sentence}\n1 cell of 3 are done\n`,
  ]);
});

it('is done by the groups and the pictures that its sweep asks for, and by no others', {
  timeout: 120_000,
}, async () => {
  await reported(cell);
  const stateOf = async (groups: Cell['groups'], data = cell.settings.data) =>
    (await cellStatuses({ folder, cells: [{ ...cell, groups, settings: { ...cell.settings, data } }] }))[0]!
      .state;
  expect(await stateOf('official')).toBe('done');
  expect(await stateOf('oltr')).toBe('waiting');
  expect(await stateOf('official', '/elsewhere')).toBe('waiting');
});

it('is not done where an earlier version made it, and others are of this one', {
  timeout: 120_000,
}, async () => {
  const second: Cell = { ...cell, index: 1, id: 'ba9876543210', settings: { ...cell.settings, seed: 1 } };
  const places = [cellFolder({ folder }, cell), await reported(second)];
  const states = async () =>
    (await cellStatuses({ folder, cells: [cell, second] })).map(({ state, sentence }) => [state, sentence]);
  expect(await states()).toEqual([
    ['done', undefined],
    ['done', undefined],
  ]);
  await older(places[0]!);
  const said = expect.stringMatching(/an earlier version made it, .*; delete .*0123456789ab, and start/);
  expect(await states()).toEqual([
    ['failed', said],
    ['done', undefined],
  ]);
  await older(places[1]!);
  expect(await states()).toEqual([
    ['done', undefined],
    ['done', undefined],
  ]);
});
