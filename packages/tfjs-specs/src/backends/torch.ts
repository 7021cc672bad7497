import { registerTorchBackend } from '@longtail/backend-torch';

registerTorchBackend({ library: process.env.SPECS_TORCH! });
