/** How the command is typed here: a hint must work when it is copied. */
import { existsSync } from 'node:fs';
import { delimiter, join, relative } from 'node:path';

const CLI = join(import.meta.dirname, `../cli${import.meta.filename.endsWith('.ts') ? '.ts' : '.js'}`);
/** The clone that this file lies in, if it is one. */
const CLONE = join(import.meta.dirname, '../../../..');

/** What a package manager puts on the path of the programs that it starts, and the user's shell does not have. */
const OF_PACKAGE_MANAGERS = /[\\/]node_modules[\\/]\.bin[\\/]?$/;

function isOnPath({ PATH = '', npm_config_user_agent: manager }: NodeJS.ProcessEnv): boolean {
  const file = process.platform === 'win32' ? 'longtail.cmd' : 'longtail';
  return PATH.split(delimiter)
    .filter((folder) => folder !== '' && !(manager && OF_PACKAGE_MANAGERS.test(folder)))
    .some((folder) => existsSync(join(folder, file)));
}

/** The folder of the bundle that this runs in, as its launcher says. */
export const bundleFolder = (): string | undefined => process.env.LONGTAIL_BUNDLE;

/** In a bundle a libtorch is put beside the command: there may be no network to fetch it by. */
const INSTALL_TORCH = /run "npx @longtail\/engine install(?: torch)?(?: --gpu)?"/g;

function commandName(env: NodeJS.ProcessEnv = process.env): string {
  const bundle = bundleFolder();
  if (bundle !== undefined) return join(bundle, 'longtail');
  if (isOnPath(env)) return 'longtail';
  if (existsSync(join(CLONE, 'pnpm-workspace.yaml')))
    return process.cwd() === CLONE ? 'npx -y pnpm@12 longtail' : `node ${relative(process.cwd(), CLI)}`;
  return `${env.npm_config_user_agent?.startsWith('pnpm') ? 'pnpm exec' : 'npx'} longtail`;
}

const HINT =
  /(?<=^|[\s"`(])(?<!(?:npx|pnpm exec|pnpm@12) )longtail(?= (?:run|train|extract|classify|evaluate|report|status|resume|clean|config|reproduce|rebalance|predict|features|new-recipe|sweep|serve|data|engine|bundle|--help|--verbose)\b)/gm;

/** A text with its hints as they are typed here: `"longtail engine install"`. Hints that are so already stay. */
export function asTyped(text: string): string {
  const bundle = bundleFolder();
  const here =
    bundle === undefined
      ? text
      : text.replaceAll(INSTALL_TORCH, `put a libtorch into ${join(bundle, 'torch')}`);
  // who has this command need not fetch the engine's own
  return here.replaceAll('npx @longtail/engine ', 'longtail engine ').replaceAll(HINT, () => commandName());
}
