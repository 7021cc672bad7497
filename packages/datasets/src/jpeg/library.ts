/**
 * libturbojpeg's C functions, by FFI: the shared library that `@julusian/jpeg-turbo` carries for Linux (libjpeg-turbo
 * 3.1). Its JavaScript interface takes the fast inverse DCT, which is not PIL's; the C one lets us choose.
 * On macOS and Windows the library is inside the addon, where FFI cannot reach it: there sharp decodes.
 */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import koffi from 'koffi';

const SIGNATURES = {
  init: 'void *tj3Init(int)',
  destroy: 'void tj3Destroy(void*)',
  set: 'int tj3Set(void*, int, int)',
  get: 'int tj3Get(void*, int)',
  readHeader: 'int tj3DecompressHeader(void*, const void*, size_t)',
  decompress: 'int tj3Decompress8(void*, const void*, size_t, void*, int, int)',
  errorText: 'const char *tj3GetErrorStr(void*)',
} as const;

export type TurboFunctions = Record<
  Exclude<keyof typeof SIGNATURES, 'errorText'>,
  (...values: unknown[]) => number
> & {
  errorText(handle: unknown): string;
  crop(handle: unknown, region: { x: number; y: number; w: number; h: number }): number;
};

let opened: TurboFunctions | false | undefined;

/** The functions, or undefined where this platform has no such library. */
export function turboFunctions(): TurboFunctions | undefined {
  opened ??= open() ?? false;
  return opened || undefined;
}

function open(): TurboFunctions | undefined {
  const require = createRequire(import.meta.url);
  const folder = dirname(require.resolve('@julusian/jpeg-turbo'));
  const kind = `jpeg-turbo-${process.platform}-${process.arch}`;
  for (const name of [kind, `${kind}-musl`]) {
    const path = join(folder, 'prebuilds', name, 'libturbojpeg.so.0');
    if (!existsSync(path)) continue;
    try {
      return bind(koffi.load(path));
    } catch {
      // For another C library (glibc, musl) than this one's.
    }
  }
  return undefined;
}

function bind(library: ReturnType<typeof koffi.load>): TurboFunctions {
  const region = koffi.struct({ x: 'int', y: 'int', w: 'int', h: 'int' });
  const functions = Object.entries(SIGNATURES).map(([key, signature]) => [key, library.func(signature)]);
  const crop = library.func('tj3SetCroppingRegion', 'int', ['void *', region]);
  return { ...Object.fromEntries(functions), crop } as TurboFunctions;
}
