/** Every kernel against tfjs's cpu backend on random inputs; `pnpm fuzz` runs more of them with another seed. */
import '@tensorflow/tfjs';
import { describeDifferential } from '@longtail/kernels/differential';
import { fuzzing, tensorflowFolders } from '@longtail/test-support';
import { registerTensorflowBackend } from '../src/index.ts';
import { DIFFERENCES } from './differences.ts';
import { liveHandles } from './live-handles.ts';

const folders = tensorflowFolders();
if (folders) {
  registerTensorflowBackend(folders);
  describeDifferential('tensorflow', { ...fuzzing(), liveHandles, exceptions: DIFFERENCES });
}
