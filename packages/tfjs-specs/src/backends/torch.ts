import { registerTorchBackend } from '@longtail/backend-torch';

registerTorchBackend({
  library: process.env.SPECS_TORCH!,
  device: process.env.SPECS_DEVICE as 'cpu' | 'gpu',
});
