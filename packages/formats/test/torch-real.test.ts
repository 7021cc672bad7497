/** Checkpoints that others have published. */
import { sharedOrSkip } from '@longtail/test-support';
import { describe, expect, it, type TestContext } from 'vitest';
import { openArrays } from '../src/index.ts';

async function all(context: TestContext, path: string) {
  const file = await openArrays(sharedOrSkip(context, path));
  const arrays = new Map();
  for (const { name, dtype } of file.arrays) if (dtype) arrays.set(name, await file.read(name));
  await file.close();
  return { arrays, metadata: file.metadata };
}

describe('published checkpoints', () => {
  it('a legacy one with its optimizer holds what its copy in safetensors holds', async (context) => {
    const [name, prefix] = ['data/weights/imbalanced-DL_cifar10_exp_0.01_ERM', 'state_dict.'];
    const { arrays, metadata } = await all(context, `${name}_ckpt.best.pth.tar`);
    const copy = await all(context, `${name}.safetensors`);
    const weights = new Map([...arrays].filter(([name]) => name.startsWith(prefix)));
    expect(weights.size).toBe(copy.arrays.size);
    // The copy gives counters one axis.
    for (const [name, { dtype, shape, data }] of copy.arrays)
      expect(weights.get(prefix + name)).toEqual({
        ...{ dtype, data },
        shape: name.endsWith('num_batches_tracked') ? [] : shape,
      });
    expect(metadata).toEqual({ backbone: 'resnet32', classifier: 'dot_product_classifier' });
    expect(arrays.get('epoch').data).toEqual(BigInt64Array.of(186n));
    expect(arrays.get('optimizer.param_groups.0.params').shape).toEqual([94]);
  });

  it.for([
    ['data/weights/resnet20-12fca82f.th', 'state_dict.module.linear.weight', [10, 64], 98],
    ['data/weights/resnet32-d509ac18.th', 'state_dict.module.linear.weight', [10, 64], 158],
    ['reference/ResNet10Feature.pth', 'state_dict_best.classifier.module.fc.weight', [1000, 512], 77],
    ['reference/final_model_checkpoint.pth', 'state_dict_best.classifier.module.fc.weight', [60, 48], 5],
  ] as const)('%s', async ([path, name, shape, count], context) => {
    const { arrays } = await all(context, path);
    expect(arrays.size).toBe(count);
    expect(arrays.get(name)).toMatchObject({ dtype: 'float32', shape });
    expect(arrays.get(name).data.every((x: number) => Math.abs(x) < 10)).toBe(true);
  });
});
