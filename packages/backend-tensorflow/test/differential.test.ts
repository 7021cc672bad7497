/** Every kernel against tfjs's cpu backend on random inputs; `pnpm fuzz` runs more of them with another seed. */
import '@tensorflow/tfjs';
import { describeDifferential } from '@longtail/kernels/differential';
import { fuzzing, tensorflowFolders } from '@longtail/test-support';
import * as tf from '@tensorflow/tfjs-core';
import { registerTensorflowBackend } from '../src/index.ts';
import { DIFFERENCES } from './differences.ts';

const folders = tensorflowFolders();
if (folders) {
  registerTensorflowBackend(folders);
  const liveHandles = () =>
    (tf.engine().findBackend('tensorflow') as unknown as { getNumOfTFTensors(): number }).getNumOfTFTensors();
  describeDifferential('tensorflow', { ...fuzzing(), liveHandles, exceptions: DIFFERENCES });
}
