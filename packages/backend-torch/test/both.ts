/** tfjs's cpu backend and libtorch, side by side. */
import '@tensorflow/tfjs';
import { type ExpectSame, sameAsCpu } from '@longtail/kernels/testing';
import { torchLibrary } from '@longtail/test-support';
import { liveHandles, registerTorchBackend } from '../src/index.ts';

export const library: string | undefined = torchLibrary();
if (library) registerTorchBackend({ library });

export const expectSame: ExpectSame = sameAsCpu('torch', { liveHandles });
