/** Layers and graph models of tfjs on libtorch. */
import { describeModels } from '@longtail/test-support/models';
import { liveHandles } from '../src/index.ts';
import { library } from './both.ts';

if (library) describeModels('torch', { liveHandles });
