/** Reads every file named on the command line as a page in a browser would: without Buffer, process and files. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

const files = process.argv
  .slice(2)
  .map((path) => ({ name: basename(path), bytes: new Uint8Array(readFileSync(path)) }));
const print = process.stdout.write.bind(process.stdout);
globalThis.Buffer = undefined;
globalThis.process = undefined;

const { encodeCsv, encodeParquet, openFeatures } = await import('../src/index.ts');
const sums = {};
async function sum(name, given) {
  const set = await openFeatures(given, { name });
  const rows = await set.rows(0, set.length);
  sums[name] = [rows.reduce((total, x) => total + x, 0), set.labels?.reduce((total, x) => total + x, 0)];
  await set.close();
}
for (const { name, bytes } of files) await sum(name, new File([bytes], name));
const columns = new Map([
  ['features', { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) }],
  ['label', ['b', 'a']],
]);
await sum('written.csv', encodeCsv(columns));
await sum('written.parquet', encodeParquet(columns));
print(JSON.stringify(sums));
