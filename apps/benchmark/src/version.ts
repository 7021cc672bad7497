/** Which Longtail this is. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';

const PACKAGE = findPackageJSON(import.meta.url)!;
const CLONE = join(dirname(PACKAGE), '../..');

export interface Version {
  readonly version: string;
  /** Of a clone, or the clone that a bundle was made of: its commit, with `-dirty` where files differ from it. */
  readonly commit?: string;
}

export function longtailVersion(): Version {
  const { version } = JSON.parse(readFileSync(PACKAGE, 'utf8')) as { version: string };
  const commit = existsSync(join(CLONE, '.git')) ? commitOf(CLONE) : commitOfBundle();
  return { version, ...(commit !== undefined && { commit }) };
}

function commitOf(clone: string): string | undefined {
  try {
    const describe = ['describe', '--always', '--dirty', '--abbrev=12', '--exclude=*'];
    return execFileSync('git', ['-C', clone, ...describe], { encoding: 'utf8', stdio: 'pipe' }).trim();
  } catch {
    return undefined; // no git, or a repository of others
  }
}

/** Of the bundle that this runs in, if it is one made of a clone. */
export function commitOfBundle(
  { LONGTAIL_BUNDLE: bundle }: NodeJS.ProcessEnv = process.env,
): string | undefined {
  if (bundle === undefined) return undefined;
  return /^commit (\S+)$/m.exec(readFileSync(join(bundle, 'VERSION'), 'utf8'))?.[1];
}
