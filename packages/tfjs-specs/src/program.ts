/** What the bundle is made of, in the order in which it must run. */
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops.js';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import 'the-backend';
import './environment.ts';
import '@tensorflow/tfjs-core/dist/tests.js';
