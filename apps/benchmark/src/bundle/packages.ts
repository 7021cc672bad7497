/** The packages that the command needs, by their manifests, wherever Node would find them from each other. */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly license?: string;
  readonly libc?: readonly string[];
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
}

export interface Package extends Pick<Manifest, 'name' | 'version' | 'license'> {
  readonly folder: string;
  /** The folders of the packages that it finds, by their names. */
  readonly finds: ReadonlyMap<string, string>;
}

/** Types, compilers of addons that are here already, and what tfjs has for old browsers and its own command. */
const NEVER_LOADED =
  /^(@types\/.*|@webgpu\/types|cmake-js|node-addon-api|pkg-prebuilds|core-js|regenerator-runtime|vega-typings)$/;
const OF_TFJS_COMMAND = ['argparse', 'chalk', 'yargs'];

const manifestOf = (folder: string): Manifest =>
  JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Manifest;

/** As Node looks for it: in `node_modules` of the folder and of those above. */
function locate(name: string, from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const place = join(folder, 'node_modules', name);
    if (existsSync(join(place, 'package.json'))) return realpathSync(place);
    if (dirname(folder) === folder) return undefined;
  }
}

/** What a package may name, and what it cannot do without. */
function namesOf(manifest: Manifest): { all: string[]; needed: string[] } {
  const { name: of, dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = manifest;
  const isLoaded = (name: string) =>
    !NEVER_LOADED.test(name) && !(of === '@tensorflow/tfjs' && OF_TFJS_COMMAND.includes(name));
  const optional = ([name]: [string, string]) => !manifest.peerDependenciesMeta?.[name]?.optional;
  const peers = Object.entries(peerDependencies).filter(optional);
  const needed = [dependencies, optionalDependencies, Object.fromEntries(peers)].flatMap(Object.keys);
  return {
    all: [...needed, ...Object.keys(peerDependencies)].filter(isLoaded),
    needed: needed.filter(isLoaded),
  };
}

/**
 * A package with all that it needs, by name and version. What is optional is taken where it is installed; an optional peer, where
 * another package needs it.
 *
 * @param root folder of the first
 */
export function packagesOf(root: string): Package[] {
  const found = new Map<string, Manifest>();
  const waiting = [realpathSync(root)];
  for (let folder = waiting.pop(); folder !== undefined; folder = waiting.pop()) {
    if (found.has(folder)) continue;
    const manifest = manifestOf(folder);
    if (manifest.libc && !manifest.libc.includes('glibc')) continue; // npm installs musl's beside it
    found.set(folder, manifest);
    for (const name of namesOf(manifest).needed) {
      const place = locate(name, folder);
      if (place !== undefined) waiting.push(place);
    }
  }
  const packages = [...found].map(([folder, manifest]) => {
    const places = [...new Set(namesOf(manifest).all)].map((name) => [name, locate(name, folder)] as const);
    const finds = new Map(places.filter((pair): pair is [string, string] => found.has(pair[1] ?? '')));
    const { name, version, license } = manifest;
    return { name, version, ...(license !== undefined && { license }), folder, finds };
  });
  const byName = ({ name, version }: Package) => `${name}@${version}`;
  return packages.sort((a, b) => (byName(a) < byName(b) ? -1 : 1));
}
