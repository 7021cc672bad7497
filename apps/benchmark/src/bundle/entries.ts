/** What lies where in a bundle: the packages as pnpm lays them out, so that each finds the versions that it asks for. */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { basename, dirname, join, relative, sep } from 'node:path';
import { longtailVersion } from '../version.ts';
import { filesOf } from './files.ts';
import { nodeProgram } from './node-program.ts';
import { type Package, packagesOf } from './packages.ts';
import type { Entry } from './tar.ts';
import { launcher, noticeText, README, versionText } from './texts.ts';

const APP = realpathSync(dirname(findPackageJSON(import.meta.url)!));
const CLONE = join(APP, '../..');
/** Below the app's folder: `src/cli.ts`, or `dist/src/cli.js` of an installed package. */
const CLI = relative(APP, join(import.meta.dirname, `../cli${import.meta.filename.slice(-3)}`));

const isClone = (): boolean => existsSync(join(CLONE, 'pnpm-workspace.yaml'));

const STORE = 'node_modules/.store';

interface Placed extends Package {
  readonly isOurs: boolean;
  /** Its folder in the bundle, and the one in which it finds others. */
  readonly place: string;
  readonly modules: string;
}

/** Node reads no TypeScript below `node_modules`: our own packages lie beside it, as in the clone. */
function placed(packages: readonly Package[]): Placed[] {
  const taken = new Map<string, number>();
  return packages.map((one) => {
    const isOurs = !one.folder.split(sep).includes('node_modules') && isClone();
    const id = `${one.name.replace('/', '+')}@${one.version}`;
    const count = taken.get(id) ?? 0;
    taken.set(id, count + 1);
    const store = `${STORE}/${id}${count > 0 ? `_${count}` : ''}/node_modules`; // of other peers
    const place = isOurs ? relative(CLONE, one.folder) : `${store}/${one.name}`;
    return { ...one, isOurs, place, modules: isOurs ? `${place}/node_modules` : store };
  });
}

const linkTo = (path: string, place: string): Entry => ({
  path,
  from: { link: relative(dirname(path), place) },
});

function packageEntries(packages: readonly Placed[]): Entry[] {
  const places = new Map(packages.map(({ folder, place }) => [folder, place]));
  // Some import what only another declares, as tfjs does `long`: pnpm has all in one more place, too.
  const foreign = packages.filter(({ isOurs }) => !isOurs);
  const all = new Map(foreign.map(({ name, place }) => [name, place]));
  return [
    ...[...all].map(([name, place]) => linkTo(`${STORE}/node_modules/${name}`, place)),
    ...packages.flatMap((one) => [
      ...filesOf(one, one).map((path) => ({
        path: `${one.place}/${path}`,
        from: { file: join(one.folder, path) },
      })),
      ...[...one.finds]
        .filter(([name]) => name !== one.name)
        .map(([name, folder]) => linkTo(`${one.modules}/${name}`, places.get(folder)!)),
    ]),
  ];
}

const text = (path: string, content: string, isProgram = false): Entry => ({
  path,
  from: { text: content },
  isProgram,
});

/** @param scratch a folder for files that are made for it */
export function bundleEntries(scratch: string): Entry[] {
  const node = nodeProgram(scratch);
  const packages = placed(packagesOf(APP));
  const app = packages.find(({ folder }) => folder === APP)!.place;
  const license = [join(APP, 'LICENSE'), join(CLONE, 'LICENSE')].find((path) => existsSync(path));
  return [
    ...packageEntries(packages),
    { path: 'bin/node', from: { file: node.file }, isProgram: true },
    ...node.libraries.map((file) => ({ path: `lib/${basename(file)}`, from: { file: realpathSync(file) } })),
    text('longtail', launcher(`${app}/${CLI}`), true),
    text('README.txt', README),
    text('VERSION', versionText(longtailVersion())),
    text('NOTICE.txt', noticeText(packages.filter(({ isOurs }) => !isOurs))),
    ...(license === undefined ? [] : [text('LICENSE', readFileSync(license, 'utf8'))]),
  ];
}
