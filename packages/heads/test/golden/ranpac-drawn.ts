/** Prints what ranpac draws for 48 rows of 6 features, 60 neurons and seed 3, for ranpac.py: the projection, and the rows in their order. */
import { random } from '@longtail/core';
import { normal } from '@longtail/kernels';
import '@tensorflow/tfjs';

const projection = normal([6, 60], { seed: 3, keys: ['ranpac', 'projection'] });
const order = random(3, 'ranpac', 'held out').shuffle(Int32Array.from({ length: 48 }, (_, i) => i));
process.stdout.write(JSON.stringify({ projection: projection.arraySync(), order: [...order] }));
