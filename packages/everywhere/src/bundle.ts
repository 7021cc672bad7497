/** A module and all that it imports as one script for browsers, by the two bundlers in most use. */
import { join } from 'node:path';
import * as esbuild from 'esbuild';
import * as vite from 'vite';

export interface Bundle {
  readonly code: string;
  /** What the bundler has to say: a module of Node that a browser will miss, for instance. */
  readonly warnings: readonly string[];
}

const root = join(import.meta.dirname, '..');

/** @param source of the module; it imports what this package can */
type Bundler = (source: string) => Promise<Bundle>;

const byEsbuild: Bundler = async (source) => {
  const { outputFiles, warnings } = await esbuild.build({
    stdin: { contents: source, resolveDir: root, loader: 'ts' },
    bundle: true,
    write: false,
    platform: 'browser',
    format: 'esm',
    logLevel: 'silent',
  });
  return { code: outputFiles[0]!.text, warnings: warnings.map(({ text }) => text) };
};

const ENTRY = join(root, 'entry.ts');
const byVite: Bundler = async (source) => {
  const warnings: string[] = [];
  const warn = (message: string) => void warnings.push(message);
  const given = await vite.build({
    root,
    configFile: false,
    logLevel: 'warn',
    customLogger: { ...vite.createLogger('silent'), warn, warnOnce: warn },
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === ENTRY ? id : null),
        load: (id) => (id === ENTRY ? source : null),
      },
    ],
    build: { write: false, minify: false, chunkSizeWarningLimit: 1e5, rolldownOptions: { input: ENTRY } },
  });
  const { output } = [given].flat()[0] as { output: readonly { code?: string }[] };
  return { code: output[0]!.code!, warnings };
};

export const BUNDLERS: Readonly<Record<string, Bundler>> = { esbuild: byEsbuild, Vite: byVite };
