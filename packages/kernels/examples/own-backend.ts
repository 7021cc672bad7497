import '@tensorflow/tfjs'; // and your backend
import { describeDifferential } from '@longtail/kernels/differential';

describeDifferential('cpu', { runs: 10, seed: Date.now() }); // its name in the place of cpu's; a file of vitest
