/** Layers and graph models of tfjs on TensorFlow. */
import '@tensorflow/tfjs';
import { tensorflowFolders } from '@longtail/test-support';
import { describeModels } from '@longtail/test-support/models';
import { registerTensorflowBackend } from '../src/index.ts';
import { liveHandles } from './live-handles.ts';

const folders = tensorflowFolders();
if (folders) {
  registerTensorflowBackend(folders);
  describeModels('tensorflow', { liveHandles });
}
