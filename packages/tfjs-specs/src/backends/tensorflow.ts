import { registerTensorflowBackend } from '@longtail/backend-tensorflow';

registerTensorflowBackend({
  library: process.env.SPECS_TENSORFLOW!,
  javascript: process.env.SPECS_TFJS_NODE_GPU!,
  device: process.env.SPECS_DEVICE as 'cpu' | 'gpu',
});
