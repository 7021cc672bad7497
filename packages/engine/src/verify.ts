/** Loads a native library in a fresh process and computes with it: one that crashes takes only that process along. */
import { execFile } from 'node:child_process';
import { extname, join } from 'node:path';
import { promisify } from 'node:util';
import { EngineError } from '@longtail/core';
import type { Device, EngineLibrary } from './installed.ts';

export const TITLES = { torch: 'libtorch', tensorflow: 'TensorFlow' } as const;

/** Beside this file, in the sources and in what is built of them. */
const PROGRAM = join(import.meta.dirname, `verify-program${extname(import.meta.filename)}`);

export interface Verified {
  readonly version: string;
  /** Where a GPU was asked for, and everything is there and loads, but none answers: why. It computed on the CPU. */
  readonly noGpu?: string;
}

/**
 * @param folders of the library, and of tfjs-node-gpu's JavaScript for tensorflow
 * @throws EngineError when it does not load or computes something else
 */
export async function verifyEngine(
  name: EngineLibrary,
  folders: readonly string[],
  device: Device = 'cpu',
): Promise<Verified> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [PROGRAM, name, device, ...folders], {
      timeout: 120_000,
    });
    return JSON.parse(stdout.trim().split('\n').at(-1)!) as Verified;
  } catch (cause) {
    const { stderr = '', signal } = cause as { stderr?: string; signal?: string };
    const line =
      stderr.split('\n').find((text) => /^\w*Error\b.*: /.test(text)) ??
      (signal ? `it was ended by ${signal}` : String(cause));
    throw new EngineError(
      `${TITLES[name]} in ${folders[0]} does not work here: ${line.trim().replace(/\.$/, '')}.`,
      { library: folders[0] },
      { cause },
    );
  }
}
