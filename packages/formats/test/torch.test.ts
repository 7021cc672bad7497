import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type ArrayFile, openArrays, openFeatures } from '../src/index.ts';

const folder = join(import.meta.dirname, 'golden/torch');
const checkpoint = (name: string): string => join(folder, name);
type Expected = Record<string, { dtype: string; shape: number[]; hex: string }>;
const files: Record<string, Expected> = JSON.parse(readFileSync(checkpoint('expected.json'), 'utf8'));

const hexOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView<ArrayBufferLike>): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('hex');
async function described(file: ArrayFile, name: string) {
  const { dtype, shape, data } = await file.read(name);
  return { dtype, shape, hex: hexOf(data) };
}
async function opened<T>(name: string, use: (file: ArrayFile) => Promise<T>): Promise<T> {
  const file = await openArrays(checkpoint(name));
  try {
    return await use(file);
  } finally {
    await file.close();
  }
}
const refusal = (name: string, array: string) =>
  opened(name, (file) => file.read(array)).then(
    () => 'read',
    (error: Error) => error.message,
  );

describe('what torch.save wrote', () => {
  it.each(Object.keys(files))('%s', async (name) => {
    await opened(name, async (file) => {
      expect(file.format).toBe('torch');
      for (const [array, value] of Object.entries(files[name]!))
        expect([array, await described(file, array)]).toEqual([array, value]);
      const names = file.arrays.map((array) => array.name);
      expect(names).toEqual(expect.arrayContaining(Object.keys(files[name]!)));
      expect(new Set(names).size).toBe(names.length);
      if (!name.startsWith('training')) expect(names.length).toBe(Object.keys(files[name]!).length);
    });
  });

  it.each(['views.pth', 'deflated.pth', 'views-legacy.pt'])('rows of views in %s', async (name) => {
    await opened(name, async (file) => {
      for (const { name: array, shape } of file.arrays) {
        const { hex } = files[name]![array]!;
        if (shape.length === 0) continue;
        const row = hex.length / Math.max(1, shape[0]!);
        for (let start = 0; start < shape[0]!; start++)
          expect(hexOf((await file.read(array, { start, end: start + 1 })).data)).toBe(
            hex.slice(start * row, (start + 1) * row),
          );
      }
    });
  });

  it('is no program of TorchScript, which is refused', async () => {
    await expect(openArrays(checkpoint('script.pt'))).rejects.toThrow(
      /script.pt: expected a checkpoint of torch.save, but the zip is a program of TorchScript; in Python, write its weights with torch.save\(torch.jit.load/,
    );
  });

  it('lists what is no plain tensor, and refuses it when it is asked for', async () => {
    const listed = {
      complex64: 'complex64',
      quantised: 'qint8',
      sparse: 'a sparse tensor',
      negated: 'a negated or conjugated float32',
      meta: 'a tensor without elements',
      float8: 'float8_e4m3fn',
    };
    for (const name of ['others.pth', 'others-legacy.pt']) {
      await opened(name, async (file) => {
        const types = Object.fromEntries(file.arrays.map(({ name, typeName }) => [name, typeName]));
        expect(types).toEqual({ ...listed, float32: 'float32' });
        expect((await file.read('float32')).data).toEqual(Float32Array.of(1.5));
      });
      for (const [array, type] of Object.entries(listed))
        expect(await refusal(name, array)).toContain(`expected numbers in "${array}", but it is ${type}.`);
    }
  });
});

describe('what a training script keeps beside the weights', () => {
  it.each(['training.pth', 'training-legacy.pt'])('%s', async (name) => {
    await opened(name, async (file) => {
      const arrays = new Map(file.arrays.map((array) => [array.name, array]));
      const value = async (array: string) => {
        const { dtype, shape, data } = await file.read(array);
        return [dtype, shape, ...data];
      };
      expect(await value('epoch')).toEqual(['int64', [], 90n]);
      expect(await value('seed')).toEqual(['int64', [], 2n ** 62n + 1n]);
      expect(await value('huge')).toEqual(['float64', [], 1e30]);
      expect(await value('best')).toEqual(['float64', [], 0.625]);
      expect(await value('top1')).toEqual(['float64', [], 33]);
      expect(await value('accuracy')).toEqual(['float64', [], 66]);
      expect(await value('done')).toEqual(['bool', [], 0]);
      expect(await value('losses')).toEqual(['float64', [3], 2.5, 1, 0.5]);
      expect(await value('counts')).toEqual(['int64', [2, 2], 50n, 5n, 3n, 1n]);
      expect(await value('prior')).toEqual(['float32', [2], 0.5, 0.25]);
      expect(await value('fortran')).toEqual(['float64', [2, 3], 0, 1, 2, 3, 4, 5]);
      expect(await value('milestones.160')).toEqual(['int64', [], 1n]);
      expect(await value('by_class.0')).toEqual(['int64', [2], 1n, 2n]);
      expect(await value('size')).toEqual(['int64', [2], 2n, 3n]);
      expect(await value('optimizer.param_groups.0.params')).toEqual(['int64', [5], 0n, 1n, 2n, 3n, 4n]);
      expect(await value('args.lr')).toEqual(['float64', [], 0.1]);
      expect(await value('args.layers')).toEqual(['int64', [2], 3n, 4n]);
      expect(await value('settings.margin')).toEqual(['float64', [], 0.5]);
      expect(await value('state_dict.bn.num_batches_tracked')).toEqual(['int64', [], 2n]);
      expect(arrays.get('loss')).toMatchObject({
        dtype: undefined,
        typeName: 'torch.nn.functional.cross_entropy',
      });
      expect(arrays.get('objects')).toMatchObject({ dtype: undefined, typeName: 'an array of objects' });
      const { 'groups.0': group, 'groups.1': other, ...metadata } = file.metadata;
      expect([group, other].sort()).toEqual(['few', 'many']);
      expect(metadata).toEqual({
        arch: 'small',
        'classes.0': 'cat',
        'classes.1': 'dog',
        'args.data': 'images',
        device: 'cpu',
        dtype: 'torch.float16',
        'path.0': 'runs',
        'path.1': '1',
      });
    });
  });
});

describe('features in a checkpoint', () => {
  it('by rows', async () => {
    const set = await openFeatures(checkpoint('tensor.pt'));
    expect(set).toMatchObject({ length: 5, dim: 12 });
    const whole = Buffer.from(files['tensor.pt']!['']!.hex, 'hex');
    expect(hexOf(await set.rows(2, 4))).toBe(whole.subarray(2 * 48, 4 * 48).toString('hex'));
    await set.close();
  });
});
