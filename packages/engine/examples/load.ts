import { loadEngine } from '@longtail/engine';

const { tf, backend, version, note } = await loadEngine(); // { install: true } fetches libtorch where it is nowhere
console.log(backend, version, note ?? '');
console.log(tf.sum([1, 2, 3]).dataSync()[0]); // 6
