/** What a cell is at, from the folder of its run. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { writeJson } from '../src/stored-json.ts';
import { type Cell, cellFolder } from '../src/sweep/cell.ts';
import { cellStatuses } from '../src/sweep/cell-status.ts';
import { run, settingsOf } from './tiny-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-sweep-status-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('is done by the groups and the pictures that its sweep asks for, and by no others', {
  timeout: 120_000,
}, async () => {
  const cell: Cell = {
    ...{ index: 0, id: '0123456789ab', wave: 0, from: {}, settings: settingsOf({}), groups: 'official' },
    engine: { backend: 'auto', device: 'auto' },
  };
  const place = cellFolder({ folder }, cell);
  await writeJson(join(place, 'results.json'), await run(place));
  writeFileSync(join(place, 'report.html'), '');
  const stateOf = async (groups: Cell['groups'], data = cell.settings.data) =>
    (await cellStatuses({ folder, cells: [{ ...cell, groups, settings: { ...cell.settings, data } }] }))[0]!
      .state;
  expect(await stateOf('official')).toBe('done');
  expect(await stateOf('oltr')).toBe('waiting');
  expect(await stateOf('official', '/elsewhere')).toBe('waiting');
});
