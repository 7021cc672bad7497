/** What TensorFlow holds. */
import * as tf from '@tensorflow/tfjs-core';

export const liveHandles = (): number =>
  (tf.engine().findBackend('tensorflow') as unknown as { getNumOfTFTensors(): number }).getNumOfTFTensors();
