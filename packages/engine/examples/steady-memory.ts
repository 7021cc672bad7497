import { steadyMalloc } from '@longtail/engine/steady-malloc';

steadyMalloc(); // first of all: the program begins again, with other settings of glibc
const { loadEngine } = await import('@longtail/engine');
const { tf } = await loadEngine();
console.log(tf.memory().numTensors); // 0
