/**
 * @tensorflow/tfjs-node as its users had it: its own JavaScript and addon, from the folder that stock-addon.ts has made.
 * Nothing of Longtail's may be loaded beside it that gives tfjs other gradients.
 */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { loadJavascript } from '@longtail/backend-tensorflow/javascript'; // the package itself brings kernels
import { EngineError } from '@longtail/core';
import * as tf from '@tensorflow/tfjs-core';

/** @returns what answers */
export async function loadStock(): Promise<string> {
  const folder = process.env.LONGTAIL_BENCH_STOCK_ADDON;
  if (!folder)
    throw new EngineError(
      'the backend stock needs tfjs-node\'s addon, but LONGTAIL_BENCH_STOCK_ADDON is not set; set it to the folder that "node apps/speed/src/step/stock-addon.ts" prints.',
    );
  const make = loadJavascript(join(folder, 'package'));
  const binding = createRequire(import.meta.url)(join(folder, 'tfjs_binding.node'));
  tf.registerBackend('tensorflow', () => make(binding), 3);
  await tf.setBackend('tensorflow');
  return `tfjs-node's own addon, TensorFlow ${binding.TF_Version}`;
}
