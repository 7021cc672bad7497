/** Which backend the specs run on. */
import { setTestEnvs } from '@tensorflow/tfjs-core/dist/jasmine_util.js';

setTestEnvs([{ name: 'specs', backendName: process.env.SPECS_BACKEND!, flags: {}, isDataSync: true }]);
