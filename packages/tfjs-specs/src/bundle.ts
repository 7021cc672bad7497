/**
 * tfjs-core's specification suite (dist/tests.js of its package) and one backend as a program that Node can run: the
 * package's own files are modules without file endings, which only a bundler resolves.
 */
import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const root = join(import.meta.dirname, '..');
const CORE = '@tensorflow/tfjs-core';
const core = realpathSync(join(root, 'node_modules', CORE));

/** What runs, in this order: the backend is registered and named before the specs are read. */
const program = (backend: string): string =>
  [
    `${CORE}/dist/public/chained_ops/register_all_chained_ops.js`,
    `${CORE}/dist/register_all_gradients.js`,
    `./backends/${backend}.ts`,
    './environment.ts',
    `${CORE}/dist/tests.js`,
  ]
    .map((module) => `import '${module}';`)
    .join('\n');

/** @returns the program's path; it wants jasmine's globals, and SPECS_BACKEND in the environment */
export async function bundle(backend: string): Promise<string> {
  const outfile = join(root, 'node_modules/.cache/specs', `${backend}.cjs`);
  await build({
    stdin: { contents: program(backend), resolveDir: import.meta.dirname },
    outfile,
    bundle: true,
    ignoreAnnotations: true, // the package says that its specs have no side effects
    platform: 'node',
    format: 'cjs',
    mainFields: ['module', 'main'],
    logLevel: 'error',
    external: ['koffi', 'jasmine-core/*', '@longtail/backend-tensorflow'],
    alias: { 'the-backend': join(import.meta.dirname, 'backends', `${backend}.ts`) },
    plugins: [
      {
        name: 'one tfjs-core for specs and backend',
        setup({ onResolve }) {
          onResolve({ filter: new RegExp(`^${CORE}(/|$)`) }, ({ path }) => ({
            path: join(core, path === CORE ? 'dist/index.js' : path.slice(CORE.length)),
          }));
        },
      },
    ],
  });
  return outfile;
}
