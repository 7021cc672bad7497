/** Stores of features: the same bytes however they come about, the rows that were extracted, and damage named. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cifarResNet } from '@longtail/backbones';
import { onnxBackbone } from '@longtail/backbones/onnx';
import { DataError, UsageError } from '@longtail/core';
import type { Picture } from '@longtail/datasets';
import { loadEngine } from '@longtail/engine';
import { decodeSafetensors, encodeSafetensors } from '@longtail/formats';
import { maxDifference } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { extractFeatures } from '../src/extract-features.ts';
import { sha256Of } from '../src/file-hash.ts';
import { readManifest, writeManifest } from '../src/store/manifest.ts';
import { mergeStores } from '../src/store/merge-stores.ts';
import type { Network } from '../src/store/network.ts';
import { type OnnxWork, storeOfOnnx } from '../src/store/of-onnx.ts';
import { readFeatureStore } from '../src/store/read-store.ts';
import { bytesOf, pictures, storeIn } from './store-folder.ts';
import { recipe } from './tiny-run.ts';

const root = mkdtempSync(join(tmpdir(), 'longtail-store-'));
const at = (name: string): string => join(root, name);
afterAll(() => rmSync(root, { recursive: true, force: true }));

beforeAll(async () => {
  await loadEngine({ backend: 'auto' });
  await storeIn(at('whole'));
  await storeIn(at('views'), { views: 3 });
}, 60_000);

/** What one extraction in memory gives. */
async function inMemory(split: 'train' | 'test') {
  const backbone = cifarResNet({ depth: 8, seed: 0 });
  const found = await extractFeatures(backbone, pictures[split], { statistics: recipe.statistics });
  backbone.dispose();
  return found;
}

const rowsOf = async (folder: string, split: 'train' | 'test' = 'train') => {
  using store = await readFeatureStore(folder, { split });
  return { ...store, values: store.rows(0, store.length) };
};

describe('a store', () => {
  it.each(['train', 'test'] as const)(
    'holds the features of %s, their labels, pictures and names',
    async (split) => {
      const found = await rowsOf(at('whole'), split);
      const expected = await inMemory(split);
      // Batches of another size may sum in another order.
      expect(maxDifference(found.values, expected.values)).toBeLessThan(1e-5);
      expect(found.labels).toEqual(pictures[split].labels);
      expect([...found.pictures]).toEqual([...pictures[split].labels.keys()]);
      expect(found.classNames).toEqual(['a', 'b', 'c']);
    },
  );

  it('of several views holds each picture once a view, each view another one, the same in shards of any size', async () => {
    const { labels } = pictures.train;
    const found = await rowsOf(at('views'));
    expect([...found.labels]).toEqual([...labels, ...labels, ...labels]);
    expect([...found.pictures]).toEqual([0, 1, 2].flatMap(() => [...labels.keys()]));
    const each = labels.length * found.dim;
    const view = (v: number) => found.values.subarray(v * each, (v + 1) * each);
    expect(maxDifference(view(0), view(1))).toBeGreaterThan(1e-2);
    expect(maxDifference(view(1), view(2))).toBeGreaterThan(1e-2);
    await storeIn(at('views-8'), { views: 2, shardRows: 8 });
    const other = await rowsOf(at('views-8'));
    expect(maxDifference(other.values, found.values.subarray(0, 2 * each))).toBeLessThan(1e-5);
    expect((await rowsOf(at('views'), 'test')).length).toBe(pictures.test.length);
  });

  it('of float16 differs by half a unit in the last place, and of the layer before is of its width', async () => {
    await storeIn(at('half'), { dtype: 'float16' });
    const [half, single] = [await rowsOf(at('half')), await rowsOf(at('whole'))];
    // Rounding to nearest errs by 2^-11 of a normal half, 2^-25 below them.
    const isNear = half.values.every((x, i) => {
      const y = single.values[i]!;
      return Math.abs(x - y) <= Math.max(Math.abs(y) * 2 ** -11, 2 ** -25);
    });
    expect([half.dtype, isNear]).toEqual(['float16', true]);
    await storeIn(at('before'), { layer: 'penultimate' });
    expect((await rowsOf(at('before'))).dim).toBe(32);
  });

  it("is read by Python's safetensors", async ({ skip }) => {
    const python = process.env.LONGTAIL_PYTHON;
    if (!python) {
      console.warn('skipped: LONGTAIL_PYTHON names no Python with safetensors');
      return skip('no LONGTAIL_PYTHON');
    }
    const program = `import json, sys, numpy as np
from safetensors.numpy import load_file
folder = sys.argv[1]
shards = [load_file(folder + "/" + s["file"]) for s in json.load(open(folder + "/store.json"))["shards"] if s["file"].startswith("train")]
of = lambda name: np.concatenate([s[name] for s in shards])
print(json.dumps([of("features").dtype.name, of("features").astype("float32").reshape(-1).tolist(), of("labels").tolist(), of("indices").tolist()]))`;
    for (const [name, dtype] of [
      ['whole', 'float32'],
      ['half', 'float16'],
    ] as const) {
      const out = execFileSync(python, ['-c', program, at(name)], { encoding: 'utf8' });
      const [type, values, labels, indices] = JSON.parse(out);
      const ours = await rowsOf(at(name));
      expect(type).toBe(dtype);
      expect(Float32Array.from(values)).toEqual(Float32Array.from(ours.values));
      expect([labels, indices]).toEqual([[...ours.labels], [...ours.pictures]]);
    }
  });
});

describe('the same bytes', () => {
  it('come of an extraction that was stopped, from the first shard that is missing', async () => {
    const stop = new AbortController();
    const stopped = storeIn(at('stopped'), {
      signal: stop.signal,
      onProgress: (done) => done > 10 && stop.abort(new Error('stopped')),
    });
    await expect(stopped).rejects.toThrow('stopped');
    const { shards } = await readManifest(at('stopped'));
    expect(shards.map(({ file }) => file)).toEqual([0, 1, 2].map((k) => `train/0000${k}.safetensors`));
    await expect(readFeatureStore(at('stopped'))).rejects.toThrow(
      /4 of 7 shards are missing, the first of them train\/00003\.safetensors; run the same command again/,
    );
    expect((await storeIn(at('stopped'))).kept).toBe(3);
    expect(bytesOf(at('stopped'))).toEqual(bytesOf(at('whole')));
  });

  it.each([2, 3, 7])('come of %i parts put together, in any order', async (of) => {
    const parts = Array.from({ length: of }, (_, i) => at(`part-${i + 1}-${of}`));
    for (const [i, part] of parts.entries()) await storeIn(part, { part: { index: i + 1, of } });
    await expect(readFeatureStore(parts[0]!)).rejects.toThrow(/it is the part 1\/\d: put the parts together/);
    await mergeStores(at(`merged-${of}`), parts.reverse());
    expect(bytesOf(at(`merged-${of}`))).toEqual(bytesOf(at('whole')));
  });

  it('come back where a shard was damaged or lost', async () => {
    cpSync(at('whole'), at('mended'), { recursive: true });
    rmSync(at('mended/test/00001.safetensors'));
    truncateSync(at('mended/train/00001.safetensors'), 100);
    expect((await storeIn(at('mended'))).kept).toBe(5);
    expect(bytesOf(at('mended'))).toEqual(bytesOf(at('whole')));
  });
});

describe('is refused with what differs:', () => {
  it.each<[string, Parameters<typeof storeIn>[1], RegExp]>([
    ['other weights', { of: { weights: 'others', layer: 'last' } }, /weights drawn there, others asked for/],
    ['another layer', { layer: 'penultimate' }, /layer last there, penultimate asked for; dim 64 there, 32/],
    ['another type', { dtype: 'float16' }, /dtype float32 there, float16 asked for/],
    ['other shards', { shardRows: 6 }, /shardRows 5 there, 6 asked for/],
    ['another seed', { seed: 1 }, /seed 0 there, 1 asked for/],
    [
      'views',
      { views: 2 },
      /train views 1 there, 2 asked for; train transform as they are there, augmented by padAndCrop/,
    ],
    [
      'other splits',
      { splits: ['test'] },
      /splits train,test there, test asked for; train pictures 21 there, none/,
    ],
    ['a part', { part: { index: 1, of: 2 } }, /shard none there, 1\/2 asked for/],
  ])('%s', async (_, options, message) => {
    const before = bytesOf(at('whole'));
    const refused = storeIn(at('whole'), options);
    await expect(refused).rejects.toThrow(UsageError);
    await expect(refused).rejects.toThrow(message);
    expect(bytesOf(at('whole'))).toEqual(before);
  });

  it('more parts than shards, and views of a split that is left out', async () => {
    await expect(storeIn(at('none'), { part: { index: 1, of: 8 } })).rejects.toThrow(
      /but there are 7 shards of 5 pictures/,
    );
    await expect(storeIn(at('none'), { splits: ['test'], views: 2 })).rejects.toThrow(
      /--views are of training pictures/,
    );
  });

  it('parts of another store, a part that lacks, and one that is there in two ways', async () => {
    const [one, two] = [at('one'), at('two')];
    await storeIn(one, { part: { index: 1, of: 2 } });
    await storeIn(two, { part: { index: 2, of: 2 }, seed: 1 });
    await expect(mergeStores(at('none'), [one, two])).rejects.toThrow(
      /two is a store of something else: seed 1 there, 0/,
    );
    await expect(mergeStores(at('none'), [one])).rejects.toThrow(
      /4 of 7 shards are missing.*name the parts that hold them/,
    );
    const shards = (await readManifest(one)).shards.map((shard) => ({ ...shard, sha256: '0'.repeat(64) }));
    cpSync(one, at('odd'), { recursive: true });
    await writeManifest(at('odd'), { ...(await readManifest(one)), shards });
    await expect(mergeStores(at('none'), [one, at('odd')])).rejects.toThrow(
      /expected one shard train\/00000\.safetensors, but those of .*one and .*odd differ/,
    );
    await expect(mergeStores(at('none'), [at('odd'), at('part-2-2')])).rejects.toThrow(
      /train\/00000\.safetensors of .*odd.*sha256/,
    );
  });
});

describe('damage is named:', () => {
  const copy = (name: string): string => {
    cpSync(at('whole'), at(name), { recursive: true });
    return at(name);
  };
  const refusal = async (folder: string, message: RegExp, options: object = {}): Promise<void> => {
    const reading = (async () => {
      using store = await readFeatureStore(folder, options);
      store.rows(0, store.length);
    })();
    await expect(reading).rejects.toThrow(DataError);
    await expect(reading).rejects.toThrow(message);
  };

  it('a shard with a changed byte, cut short or lost', async () => {
    const folder = copy('changed');
    const path = join(folder, 'train/00002.safetensors');
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.with(bytes.length - 1, bytes.at(-1)! ^ 1));
    await refusal(
      folder,
      /the shard train\/00002\.safetensors of .*changed as it was written, but its sha256 is/,
    );
    truncateSync(path, bytes.length - 1);
    for (const verify of [true, false])
      await refusal(folder, /train\/00002\.safetensors of .* but it has \d+ bytes instead of \d+/, {
        verify,
      });
    rmSync(path);
    await refusal(folder, /train\/00002\.safetensors of .* but it is not there/);
    using test = await readFeatureStore(folder, { split: 'test' });
    expect(test.length).toBe(6);
  });

  it('a manifest that is cut short, of another version, lacks a shard or is none', async () => {
    const folder = copy('cut');
    const path = join(folder, 'store.json');
    const manifest = await readManifest(folder);
    truncateSync(path, 500);
    await refusal(folder, /expected the JSON of a run in .*cut\/store\.json.*remove .*cut and extract again/);
    for (const [changed, message] of [
      [{ ...manifest, version: 2 }, /"version" is wrong/],
      [
        { ...manifest, shards: [{ ...manifest.shards[0], file: '../../etc/passwd' }] },
        /"shards\.0\.file" is wrong/,
      ],
      [
        { ...manifest, shards: manifest.shards.slice(1) },
        /1 of 7 shards are missing, the first of them train\/00000/,
      ],
    ] as const) {
      writeFileSync(path, JSON.stringify(changed));
      await refusal(folder, message);
    }
    rmSync(path);
    await refusal(folder, /expected .*store\.json, but it is not there; run "longtail extract/);
  });

  /** Another program's shard in the place of one, with its checksum in the manifest. */
  async function replaced(
    name: string,
    change: (arrays: ReturnType<typeof decodeSafetensors>['arrays']) => void,
  ) {
    const folder = copy(name);
    const path = join(folder, 'train/00002.safetensors');
    const { arrays } = decodeSafetensors(readFileSync(path));
    change(arrays);
    const bytes = encodeSafetensors(arrays);
    writeFileSync(path, bytes);
    const manifest = await readManifest(folder);
    const sha256 = await sha256Of(path);
    const shards = manifest.shards.map((shard, i) =>
      i === 2 ? { ...shard, bytes: bytes.length, sha256 } : shard,
    );
    await writeManifest(folder, { ...manifest, shards });
    return folder;
  }

  it('rows with NaN, by shard and row, when they are read', async () => {
    const folder = await replaced('nan', (arrays) => {
      (arrays.get('features')!.data as Float32Array)[3 * 64 + 7] = Number.NaN;
    });
    await refusal(folder, /row 3 of .*train\/00002\.safetensors \(row 13 of all\) holds NaN/);
    using store = await readFeatureStore(folder);
    expect(store.rows(0, 13).length).toBe(13 * 64);
    expect(() => store.at([20, 13, 0])).toThrow(/row 3 of .*train\/00002/);
    using kept = await readFeatureStore(folder, { notFinite: 'keep' });
    expect(kept.at([13]).findIndex(Number.isNaN)).toBe(7);
  });

  it('labels that are no class, of another type, or too few', async () => {
    const labels = (data: Int32Array | Float32Array) => (arrays: Map<string, object>) =>
      arrays.set('labels', { shape: [data.length], data });
    await refusal(
      await replaced('label', labels(Int32Array.of(0, 1, 2, 3, 0)) as never),
      /train\/00002.* row 3 has the label 3/,
    );
    await refusal(
      await replaced('type', labels(new Float32Array(5)) as never),
      /labels as int32 \[5\] in .*train\/00002.*found float32 \[5\]/,
    );
    await refusal(
      await replaced('few', labels(new Int32Array(4)) as never),
      /labels as int32 \[5\] in .*train\/00002.*found int32 \[4\]/,
    );
  });
});

describe('what a network gives', () => {
  const network = (value: (i: number) => number): Network => ({
    name: 'own',
    featureDim: 2,
    extract: async (_, [count]) => Float32Array.from({ length: 2 * count }, (_, i) => value(i)),
  });

  it('is refused where it is not finite, by picture and row, and whole shards stay', async () => {
    let calls = 0;
    const counting = network((i) => (calls > 1 && i === 5 ? Number.POSITIVE_INFINITY : i));
    const extract: Network['extract'] = (...given) => {
      calls++;
      return counting.extract(...given);
    };
    await expect(storeIn(at('infinite'), { network: { ...counting, extract } })).rejects.toThrow(
      /picture 7 of train \(row 2 of train\/00001\.safetensors\) holds NaN or an infinity/,
    );
    expect((await readManifest(at('infinite'))).shards.length).toBe(1);
  });

  it('is refused where float16 cannot hold it', async () => {
    const large = storeIn(at('large'), {
      network: network((i) => (i === 3 ? 65520 : 65519)),
      dtype: 'float16',
    });
    await expect(large).rejects.toThrow(
      /row 1 of train\/00000\.safetensors holds 65520; take --dtype float32/,
    );
  });
});

it('of an ONNX model holds what it gives for the pictures, and is of its file', async () => {
  const path = join(import.meta.dirname, '../../../packages/backbones/test/golden/onnx/any-size.onnx');
  const work: OnnxWork = {
    ...{ recipe, seed: 0, of: {}, shardRows: 10 },
    onBadImage: 'fail',
    signal: new AbortController().signal,
  };
  await storeOfOnnx(at('onnx'), { path, data: pictures }, work);
  const { values, dim, labels, manifest } = await rowsOf(at('onnx'));
  const model = await onnxBackbone(path, { size: 8 });
  const all = [...pictures.train.labels.keys()].map((i) => (pictures.train.read(i) as Picture).data);
  const expected = await model.extract(Uint8Array.from(Buffer.concat(all)), [all.length, 8, 8, 3]);
  await model.dispose();
  expect([dim, labels]).toEqual([model.featureDim, pictures.train.labels]);
  expect(maxDifference(values, expected)).toBeLessThan(1e-5);
  expect(manifest.of).toMatchObject({ architecture: 'any-size', weights: `sha256 ${await sha256Of(path)}` });
});

it('leaves no tensor', async () => {
  const before = tf.memory().numTensors;
  for (const layer of ['last', 'penultimate'] as const) await storeIn(at(`tensors-${layer}`), { layer });
  expect(tf.memory().numTensors).toBe(before);
});
