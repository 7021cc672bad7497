import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openFeatures, readLabels } from '../src/index.ts';
import { FEATURES, golden, LABELS } from './golden.ts';

const WITHOUT_LABELS = [
  ...['f2', 'f4', 'f8', 'f2-big', 'f4-big', 'f8-big'].map((name) => `${name}.npy`),
  ...['pooled.npy', 'version-2.npy', 'version-3.npy', 'array.pkl', 'fortran.npy', 'fortran.pkl'],
];
const WITH_LABELS = [
  ...[
    'stored.npz',
    'zip64.npz',
    'deflated.npz',
    'half.safetensors',
    'more.pkl',
    'columns.parquet',
    'halves.parquet',
    'doubles.parquet',
  ],
  ...['protocol-2.pkl', 'protocol-3.pkl', 'protocol-4.pkl', 'protocol-5.pkl'],
];
const BESIDE_TEXT = ['fixed', 'lists', 'indexed', 'pages', 'split'].map((name) => `${name}.parquet`);

describe('the same features in every format', () => {
  it.each([...WITHOUT_LABELS, ...WITH_LABELS, ...BESIDE_TEXT])('%s', async (name) => {
    const set = await openFeatures(golden(name));
    expect(set.notes).toEqual(BESIDE_TEXT.includes(name) ? ['"path" is left out: no numbers.'] : []);
    expect(set).toMatchObject({ name, length: 40, dim: 6 });
    expect(set.labels).toEqual(WITHOUT_LABELS.includes(name) ? undefined : LABELS);
    expect(await set.rows(0, 40)).toEqual(FEATURES);
    for (const [start, end] of [
      [0, 1],
      [39, 40],
      [10, 35],
      [15, 17],
      [3, 3],
    ] as const)
      expect(await set.rows(start, end)).toEqual(FEATURES.slice(start * 6, end * 6));
    await set.close();
  });

  it.each(['i1', 'u2-big', 'i4', 'i8', 'i8-big', 'u8'])('labels of the type %s', async (type) => {
    expect(await readLabels(golden(`labels-${type}.npy`))).toEqual({ labels: LABELS });
  });

  it('takes labels and features by name', async () => {
    const set = await openFeatures(golden('stored.npz'), { features: 'feats', labels: 'idxs' });
    expect(set.labels).toEqual(LABELS.map((_, i) => i));
    await set.close();
    expect(await readLabels(golden('columns.parquet'))).toEqual({ labels: LABELS });
    expect(await readLabels(golden('half.safetensors'), { labels: 'labels' })).toEqual({ labels: LABELS });
    const some = await openFeatures(golden('columns.parquet'), { features: ['f4', 'f1'] });
    expect(some.dim).toBe(2);
    expect(await some.rows(30, 32)).toEqual(
      Float32Array.from([30, 31].flatMap((row) => [FEATURES[row * 6 + 4]!, FEATURES[row * 6 + 1]!])),
    );
    await some.close();
  });

  it('reads the pickles of Python 2, whose strings are bytes', async () => {
    const length = Buffer.alloc(4);
    length.writeInt32LE(FEATURES.byteLength);
    const head = [
      '\x80\x02}U\x05feats(cnumpy.core.multiarray\n_reconstruct\nq\x011h\x01cnumpy\nndarray\n',
      'K\x00\x85U\x01b\x87R(K\x01K\x28K\x06\x86cnumpy\ndtype\nU\x02f4K\x00K\x01\x87R',
      '(K\x03U\x01<NNNJ\xff\xff\xff\xffJ\xff\xff\xff\xffK\x00tb\x89T',
    ].join('');
    const bytes = [Buffer.from(head, 'latin1'), length, Buffer.from(FEATURES.buffer), Buffer.from('tbs.')];
    const folder = mkdtempSync(join(tmpdir(), 'longtail-python-2-'));
    writeFileSync(join(folder, 'old.pkl'), Buffer.concat(bytes));
    const set = await openFeatures(join(folder, 'old.pkl'));
    expect(await set.rows(0, 40)).toEqual(FEATURES);
    await set.close();
    rmSync(folder, { recursive: true });
  });

  it('reads bfloat16 as the upper half of a float32', async () => {
    const set = await openFeatures(golden('bfloat.safetensors'));
    const upper = new Float32Array(
      new Uint32Array(FEATURES.slice().buffer).map((bits) => bits & 0xffff0000).buffer,
    );
    expect(await set.rows(0, 40)).toEqual(upper);
    await set.close();
  });
});
