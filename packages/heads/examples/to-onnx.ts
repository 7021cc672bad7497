// node to-onnx.ts head.safetensors head.onnx
import '@tensorflow/tfjs';
import { readFile, writeFile } from 'node:fs/promises';
import { decodeClassifier, toOnnx } from '@longtail/heads';

const [head = '', out = ''] = process.argv.slice(2);
const made = decodeClassifier(await readFile(head), { source: head });
await writeFile(out, toOnnx(made));
console.log(`${made.classNames.length} classes in ${out}`);
