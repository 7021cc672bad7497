/** Which files of a package are of use on another machine: Linux x64 with glibc. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Package } from './packages.ts';

const LICENSE = /(^|\/)(licen[cs]e|copying|notice|third.?party)[^/]*$/i;

/** Maps, types, sources of addons, pages, tests. */
const NEVER_LOADED =
  /\.(map|[cm]?ts|tsx|flow|md|markdown|html|c|cc|cpp|h|hh|hpp|gypi?|cmake)$|(^|\/)(tests?|__tests__|\.[^/]*)\//;

/** Of these a few files do. */
const ALONE: readonly (readonly [name: RegExp, files: RegExp])[] = [
  [
    /^@julusian\/jpeg-turbo$/,
    /^(package\.json|index\.js|prebuilds\/jpeg-turbo-linux-x64\/libturbojpeg\.so\.0)$/,
  ],
  [/^@koromix\/koffi-linux-x64$/, /^(package\.json|index\.js|linux_x64\/.*)$/],
  [/^onnxruntime-node$/, /^(package\.json|dist\/.*|bin\/napi-v\d+\/linux\/x64\/.*)$/],
  [/^vega(-lite)?$/, /^(package\.json|build\/(index|vega\.module)\.js)$/],
  [/^@tensorflow\/tfjs/, /^(package\.json|dist\/[^/]*(\.node\.js|\.wasm))$/],
];
/** Of a clone's packages, what runs nothing for a user: TypeScript is what runs, not what is built of it. */
const OURS_LEFT_OUT = /^(node_modules|dist|test|examples|README\.md|tsconfig.*|vitest\..*|turbo\.json)(\/|$)/;

function isKept(path: string, name: string, isOurs: boolean): boolean {
  if (isOurs) return !OURS_LEFT_OUT.test(path);
  if (LICENSE.test(path)) return true;
  const few = ALONE.find(([of]) => of.test(name))?.[1];
  return few ? few.test(path) : !NEVER_LOADED.test(path);
}

function* below(folder: string, path = ''): Generator<string> {
  for (const entry of readdirSync(join(folder, path), { withFileTypes: true })) {
    const inner = path === '' ? entry.name : `${path}/${entry.name}`;
    if (entry.isFile()) yield inner;
    else if (entry.isDirectory() && entry.name !== 'node_modules') yield* below(folder, inner);
  }
}

/**
 * Paths below its folder.
 *
 * @param options.isOurs whether it is a package of the clone: its TypeScript is what runs
 */
export const filesOf = ({ folder, name }: Package, { isOurs }: { isOurs: boolean }): string[] =>
  [...below(folder)].filter((path) => isKept(path, name, isOurs));
