/** `node --import` of programs that name the backend `torch` and know no engine. */
import { registerTorchBackend } from '@longtail/backend-torch';
import { torchLibrary } from '@longtail/test-support/native';

registerTorchBackend({ library: torchLibrary()! });
