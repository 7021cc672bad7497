import '@tensorflow/tfjs';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeNpy } from '@longtail/formats';
import { testExamples } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { afterAll, beforeAll } from 'vitest';
import { classifier, encodeClassifier, linearFrom } from '../src/index.ts';

const folder = mkdtempSync(join(tmpdir(), 'longtail-heads-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const [head, rows, onnx] = ['head.safetensors', 'new.npy', 'head.onnx'].map((name) => join(folder, name));

beforeAll(() => {
  const weight = tf.tensor2d([1, 0, 0, 1], [2, 2]);
  const made = classifier({
    head: linearFrom('linear', { weight, bias: undefined }),
    counts: [6, 2],
    classNames: ['cat', 'lynx'],
  });
  writeFileSync(head!, encodeClassifier(made));
  made.dispose();
  writeFileSync(rows!, encodeNpy({ shape: [3, 2], data: Float32Array.of(0, 1, 2, 1, 3, 4) }));
});

testExamples(join(import.meta.dirname, '..'), {
  given: {
    'predict.ts': () => ({ args: [head!, rows!], prints: ['lynx', 'cat', 'lynx'] }),
    'to-onnx.ts': () => ({ args: [head!, onnx!], prints: [`2 classes in ${onnx}`] }),
  },
});
