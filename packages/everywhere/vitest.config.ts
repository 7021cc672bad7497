/**
 * The packages' own tests, those that ask for a backend, once more on each but tfjs's cpu; and this package's own.
 * What is not installed is said, and left out.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { tensorflowFolders, torchLibrary } from '@longtail/test-support/native';
import shared from '@longtail/test-support/vitest-config';
import {
  defineConfig,
  mergeConfig,
  type TestProjectConfiguration,
  type ViteUserConfigFnObject,
} from 'vitest/config';

const PACKAGES = ['kernels', 'optim', 'losses', 'heads', 'backbones'];
const root = join(import.meta.dirname, '..');

const files = PACKAGES.flatMap((name) =>
  readdirSync(join(root, name, 'test'))
    .map((file) => `${name}/test/${file}`)
    .filter(
      (file) =>
        file.endsWith('.test.ts') && /\buseTestBackend\b/.test(readFileSync(join(root, file), 'utf8')),
    ),
);

const on = (backend: string): TestProjectConfiguration => ({
  extends: true,
  test: {
    name: backend,
    root,
    include: files,
    provide: { backend },
    setupFiles: [join(import.meta.dirname, 'src/load-backend.ts')],
    isolate: false,
  },
});

/** WebGL and WebGPU in software take minutes: `pnpm test:browser`, which is the mode `long`. */
const inBrowser = (isLong: boolean): TestProjectConfiguration => ({
  extends: true,
  test: {
    name: 'browser',
    provide: { pageBackends: ['cpu', 'wasm', ...(isLong ? ['webgl', 'webgpu'] : [])] },
    testTimeout: 300_000,
  },
});

const config: ViteUserConfigFnObject = defineConfig(({ mode }) =>
  mergeConfig(shared, {
    test: {
      projects: [
        inBrowser(mode === 'long'),
        on('wasm'),
        ...(torchLibrary() ? [on('torch')] : []),
        ...(tensorflowFolders() ? [on('tensorflow')] : []),
      ],
    },
  }),
);
export default config;
