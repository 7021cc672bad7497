/** A graph of Keras, converted by tensorflowjs (test/golden/graph_model.py), answers what TensorFlow has answered. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { expect, it } from 'vitest';
import { toBeCloseTo } from '../close.ts';
import type { ModelOptions } from './index.ts';

const file = (name: string) => readFileSync(join(import.meta.dirname, '../../test/golden/graph-model', name));
const bytes = (name: string) => Uint8Array.from(file(name));

/** What a browser fetches, from the folder. */
const fromFolder: tf.io.IOHandler = {
  async load() {
    const json = JSON.parse(String(file('model.json'))) as tf.io.ModelJSON;
    return tf.io.getModelArtifactsForJSON(json, async (manifest) => [
      manifest.flatMap(({ weights }) => weights),
      bytes(manifest[0]!.paths[0]!).buffer,
    ]);
  },
};

type Outputs = 'probabilities' | 'read';

/** Both outputs for the fixture's pictures. */
function answers(model: tf.GraphModel): Record<Outputs, Float32Array> {
  return tf.tidy(() => {
    const pictures = tf.tensor4d(Float32Array.from(bytes('pictures.bin')), [8, 24, 24, 3]);
    const found = model.predict(pictures) as tf.Tensor[];
    // The converter writes them in any order.
    const order = Object.keys((model.modelSignature as { outputs: object }).outputs);
    const output = (name: string) => found[order.indexOf(name)]!.dataSync();
    return { probabilities: output('output_0'), read: output('output_1') } as never;
  }) as unknown as Record<Outputs, Float32Array>;
}

export function describeGraphModel(backend: string, { liveHandles }: ModelOptions): void {
  it('a converted graph answers as in TensorFlow, and as on the cpu', async () => {
    const expected = JSON.parse(String(file('expected.json'))) as Record<Outputs, number[][]>;
    await tf.setBackend('cpu');
    const onCpu = await tf.loadGraphModel(fromFolder);
    const wanted = answers(onCpu);
    onCpu.dispose();
    await tf.setBackend(backend);
    const held = () => ({ tensors: tf.memory().numTensors, handles: liveHandles() });
    const before = held();
    const model = await tf.loadGraphModel(fromFolder);
    answers(model);
    const during = held();
    const found = answers(model);
    expect(held()).toEqual(during);
    for (const name of ['probabilities', 'read'] as const) {
      // Some twenty layers in float32, of values up to 4.
      toBeCloseTo(found[name], expected[name].flat(), { absolute: 2e-5 });
      toBeCloseTo(found[name], wanted[name], { absolute: 2e-5 });
    }
    model.dispose();
    expect(held()).toEqual(before);
  });
}
