/** Every kernel against tfjs's cpu backend on random inputs; `pnpm fuzz` runs more of them with another seed. */
import { describeDifferential } from '@longtail/kernels/differential';
import { fuzzing } from '@longtail/test-support';
import { liveHandles } from '../src/index.ts';
import { library } from './both.ts';

if (library) describeDifferential('torch', { ...fuzzing(), liveHandles });
