// node build.ts predict.html: the page as one file, which any browser opens, without a server or a network
import { readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';

const here = import.meta.dirname;
const { outputFiles } = await build({
  ...{ entryPoints: [join(here, 'page.ts')], bundle: true, write: false, minify: true },
  ...{ platform: 'browser', format: 'esm', target: 'es2022' },
});
const [page, out] = [
  await readFile(join(here, 'predict.html'), 'utf8'),
  resolve(process.argv[2] ?? 'predict.html'),
];
await writeFile(
  out,
  page.replace('/* page.ts */', () => outputFiles[0]!.text),
);
console.log(`open ${pathToFileURL(out)}`);
