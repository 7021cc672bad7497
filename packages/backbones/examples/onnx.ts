// node onnx.ts network.onnx
import { onnxBackbone } from '@longtail/backbones/onnx';

const extractor = await onnxBackbone(process.argv[2] ?? 'network.onnx'); // { size: 224 }, where the file does not say
const [height, width] = extractor.pictureSize ?? [224, 224];
const pixels = new Uint8Array(2 * height * width * 3); // NHWC, red first
const features = await extractor.extract(pixels, [2, height, width, 3]); // Float32Array [2, D]
console.log(features.length / extractor.featureDim); // 2
await extractor.dispose();
