/** A network of one's own from an ONNX file, for extraction, by onnxruntime-node: an optional peer. */
import { basename } from 'node:path';
import { checkStrings, InputError } from '@longtail/core';
import type { FeatureExtractor } from './feature-extractor.ts';
import { inputOf } from './onnx/input.ts';
import { readMetadata } from './onnx/metadata.ts';
import { checkOnnxOptions, type OnnxOptions } from './onnx/options.ts';
import { rowsOf } from './onnx/output.ts';
import { type Model, runOf, tryOut } from './onnx/run.ts';
import { loadRuntime, openSession } from './onnx/runtime.ts';
import { statisticsOf } from './onnx/statistics.ts';
import { checkPixels } from './pixels.ts';

export type { FeatureExtractor } from './feature-extractor.ts';
export type { Layout } from './onnx/input.ts';
export type { OnnxOptions } from './onnx/options.ts';
export type { Statistics } from './statistics.ts';

/**
 * A model with one input of pictures, [N, 3, H, W] or [N, H, W, 3], of float32, float16 or uint8. It is run once on grey
 * pictures, so that what is wrong with it shows before the first batch. A model exported for a fixed number of pictures is
 * run as often as it takes, the last time filled up with zeros.
 *
 * @param file path of the `.onnx` file; external data lies beside it
 * @param options what the file does not tell
 * @throws EngineError when onnxruntime-node is not installed
 * @throws DataError when the file is no such model, does not run, or its features are not finite
 * @throws InputError when an option is missing, or does not fit the file
 * @example
 * const extractor = await onnxBackbone('vit.onnx', { size: 224, token: 0, statistics: { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] } });
 * const features = await extractor.extract(pixels, [N, 224, 224, 3]); // [N, extractor.featureDim]
 */
export async function onnxBackbone(file: string, options: OnnxOptions = {}): Promise<FeatureExtractor> {
  checkStrings({ file });
  checkOnnxOptions(options);
  const metadata = await readMetadata(file);
  const runtime = await loadRuntime();
  const session = await openSession(runtime, file);
  try {
    const input = inputOf(session, { ...options, file });
    const { statistics } = options;
    if (input.type === 'uint8' && statistics)
      throw new InputError(`${file} takes bytes as they are; leave out \`statistics\`.`, { statistics });
    const used = input.type === 'uint8' ? undefined : (statistics ?? statisticsOf(metadata, { file }));
    return await extractorOf({ runtime, session, file, input, statistics: used }, options);
  } catch (error) {
    await session.release();
    throw error;
  }
}

async function extractorOf(model: Model, options: OnnxOptions): Promise<FeatureExtractor> {
  const { session, file, input, statistics } = model;
  const { output, featureDim } = await tryOut(model, options);
  const run = runOf(model, { outputs: [output] });
  const name = basename(file, '.onnx');
  let isOpen = true;
  return {
    name,
    featureDim,
    pictureSize: input.size,
    ...(statistics && { statistics }),
    async extract(pixels, shape) {
      if (!isOpen) throw new InputError(`${name} has been disposed; open ${file} again.`, { file });
      checkPixels(pixels, shape, { name, size: input.size });
      const [count] = shape;
      const step = input.batch ?? count;
      const bytes = pixels.length / count;
      const features = new Float32Array(count * featureDim);
      for (let at = 0; at < count; at += step) {
        const outputs = await run(pixels.subarray(at * bytes, (at + step) * bytes), step);
        const rows = rowsOf(outputs[output]!, {
          name: `"${output}" of ${file}`,
          count: step,
          token: options.token,
        });
        features.set(rows.subarray(0, (count - at) * featureDim), at * featureDim);
      }
      return features;
    },
    async dispose() {
      if (!isOpen) return;
      isOpen = false;
      await session.release();
    },
  };
}
