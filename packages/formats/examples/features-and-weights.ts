// node features-and-weights.ts embeddings.parquet model.pth
import { openArrays, openFeatures } from '@longtail/formats';

const [embeddings = '', weights = ''] = process.argv.slice(2);

const features = await openFeatures(embeddings); // { name, length, dim, labels?, classNames?, notes }
for (let start = 0; start < features.length; start += 512) {
  const rows = await features.rows(start, Math.min(start + 512, features.length)); // Float32Array [rows, dim]
  console.log(start, rows.length / features.dim, features.dim);
}
await features.close();

const file = await openArrays(weights); // or bytes, or a browser's File
for (const { name, dtype, shape } of file.arrays) console.log(name, dtype, shape);
const { shape, data } = await file.read(file.arrays[0]!.name);
console.log(shape, data.length);
await file.close();
