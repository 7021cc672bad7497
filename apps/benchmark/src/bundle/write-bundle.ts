/** One archive that runs on a machine without network and without Node. */
import { mkdtempSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeWhole } from '@longtail/formats/whole-file';
import { compressionOf } from './compress.ts';
import { bundleEntries } from './entries.ts';
import { tarOf } from './tar.ts';

export interface BundleOptions {
  readonly withTorch?: boolean;
  readonly signal?: AbortSignal;
  /** Bytes before compression. */
  readonly onProgress?: (done: number, total: number) => void;
}

export interface WrittenBundle {
  readonly path: string;
  readonly bytes: number;
  /** The command that unpacks it, without the file. */
  readonly unpack: string;
}

/**
 * The same sources, packages and Node give the same bytes.
 *
 * @param path ends in .tar.xz, .tar.zst, .tar.gz or .tar; written whole or not at all
 * @throws UsageError for another ending or machine; DataError or EngineError for what is missing
 */
export async function writeBundle(
  path: string,
  { withTorch = false, signal, onProgress }: BundleOptions = {},
): Promise<WrittenBundle> {
  const { of: compressed, command } = compressionOf(path);
  const scratch = mkdtempSync(join(tmpdir(), 'longtail-bundle-'));
  try {
    const torch = withTorch ? await (await import('./torch-files.ts')).torchFiles() : [];
    const entries = [...bundleEntries(scratch), ...torch].map((entry) => ({
      ...entry,
      path: `longtail/${entry.path}`,
    }));
    const pieces = tarOf(entries, { ...(onProgress && { onProgress }), ...(signal && { signal }) });
    await writeWhole(path, compressed(pieces));
    return { path, bytes: statSync(path).size, unpack: command };
  } catch (error) {
    signal?.throwIfAborted();
    throw error;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}
