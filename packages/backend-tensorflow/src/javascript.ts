/**
 * tfjs-node-gpu's own JavaScript, from a folder that holds its package: kernels and backend, not its start, which looks
 * for an addon. Its packages are found from here, and it is given back two functions that Node has removed.
 */
import { existsSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import util from 'node:util';
import { EngineError } from '@longtail/core';
import { checkFilled } from '@longtail/kernels';
import type { KernelBackend } from '@tensorflow/tfjs';

export type MakeBackend = (binding: Record<string, unknown>) => KernelBackend;

/** @throws EngineError when the folder does not hold the package */
export function loadJavascript(folder: string): MakeBackend {
  if (!existsSync(join(folder, 'dist/nodejs_kernel_backend.js')))
    throw new EngineError(
      `expected the package @tensorflow/tfjs-node-gpu in ${folder}, but it is not there; run "npx @longtail/engine install tensorflow".`,
      { folder },
    );
  const inside = pathToFileURL(`${folder}/`).href;
  const here = createRequire(import.meta.url);
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      context.parentURL?.startsWith(inside) && /^(@tensorflow|google-protobuf)\b/.test(specifier)
        ? { url: pathToFileURL(here.resolve(specifier)).href, format: 'commonjs', shortCircuit: true }
        : next(specifier, context),
  });
  try {
    Object.assign(util, {
      isArray: Array.isArray,
      isNullOrUndefined: (value: unknown) => value === null || value === undefined,
    });
    const require = createRequire(join(folder, 'package.json'));
    require('./dist/register_all_kernels.js');
    const { NodeJSKernelBackend } = require('./dist/nodejs_kernel_backend.js') as {
      NodeJSKernelBackend: new (binding: object, name: string) => KernelBackend;
    };
    class CheckedBackend extends NodeJSKernelBackend {
      /** What takes values in: `write` goes by it. */
      override move(...given: Parameters<KernelBackend['move']>): void {
        const [, values, shape, dtype] = given;
        checkFilled(dtype === 'complex64' ? values.length / 2 : values.length, shape);
        super.move(...given);
      }
    }
    return (binding) => new CheckedBackend(binding, '@tensorflow/tfjs-node-gpu');
  } finally {
    hooks.deregister();
  }
}
