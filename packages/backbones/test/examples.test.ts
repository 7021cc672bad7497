/** The README's programs; the files of weights that they want are written here. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeSafetensors } from '@longtail/formats';
import { testExamples } from '@longtail/test-support';
import { afterAll } from 'vitest';
import '../examples/own-backbone.ts';
import { type Backbone, resNet, saveWeights, VIT_ARCHITECTURES, vit } from '../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-examples-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function weightsOf(backbone: Backbone): string {
  const path = join(folder, `${backbone.name}.safetensors`);
  const head = { shape: [10, 64], data: new Float32Array(640) };
  writeFileSync(path, encodeSafetensors(new Map([...saveWeights(backbone), ['fc.weight', head]])));
  backbone.dispose();
  return path;
}

const row = { ...VIT_ARCHITECTURES['clip-vit-b/16'], width: 64, depth: 2, heads: 4, projection: 32 };
testExamples(join(import.meta.dirname, '..'), {
  suites: ['own-backbone.ts'],
  given: {
    'features.ts': () => ({
      args: [weightsOf(resNet('cifar-resnet-20', { seed: 1 }))],
      prints: ["[ 'fc.weight' ]"],
    }),
    'vision-transformer.ts': () => ({ args: [weightsOf(vit(row, { seed: 1, pictureSize: 32 }))] }),
    'onnx.ts': () => ({ args: [join(import.meta.dirname, 'golden/onnx/nchw.onnx')] }),
  },
});
