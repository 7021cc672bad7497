/** The files of a libtorch that a bundle takes along for the CPU. */
import { readdirSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { EngineError } from '@longtail/core';
import { findTorch } from '@longtail/engine';
import type { Entry } from './tar.ts';

const LIBRARY = /\.so(\.\d+)*$/;

/**
 * Of an installation in the cache all libraries, where they lie to one another; of a PyTorch built for the CPU those of its `lib`.
 *
 * @throws EngineError when there is none, or only one for CUDA
 */
export async function torchFiles(): Promise<Entry[]> {
  const { found, passedOver } = await findTorch();
  if (!found)
    throw new EngineError(
      `--with-torch takes the libtorch of this machine, but none was found (${passedOver.join('; ')}); run "npx @longtail/engine install".`,
    );
  const { library, source } = found;
  const ofLibrary = readdirSync(library).filter((name) => LIBRARY.test(name));
  if (source !== 'cache' && ofLibrary.some((name) => /cuda/.test(name)))
    throw new EngineError(
      `--with-torch takes a libtorch for the CPU, but ${library} is built for CUDA and is gigabytes; name another by LONGTAIL_TORCH.`,
      { library },
    );
  const root = source === 'cache' ? dirname(dirname(library)) : library;
  const files =
    source === 'cache'
      ? readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => LIBRARY.test(name))
      : ofLibrary.filter((name) => !/python/.test(name));
  return files.map((file) => ({
    path: join('torch', relative(root, library) === '' ? 'torch/lib' : '', file),
    from: { file: join(root, file) },
  }));
}
