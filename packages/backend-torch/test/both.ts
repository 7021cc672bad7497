/** tfjs's cpu backend and libtorch, side by side; libtorch on the device that `LONGTAIL_DEVICE` names. */
import '@tensorflow/tfjs';
import { type ExpectSame, sameAsCpu } from '@longtail/kernels/testing';
import { testDevice, torchLibrary } from '@longtail/test-support';
import { liveHandles, registerTorchBackend } from '../src/index.ts';

export const library: string | undefined = torchLibrary();
if (library) registerTorchBackend({ library, device: testDevice() });

export const expectSame: ExpectSame = sameAsCpu('torch', { liveHandles });
