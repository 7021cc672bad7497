/** A file for a scheduler, whole or not there, and what to type next. */
import { join } from 'node:path';
import { writeWhole } from '@longtail/formats/whole-file';
import { stringify } from 'yaml';
import type { Sweep } from './cell.ts';
import { hashOf } from './short-hash.ts';

/** @param documents one or more, in their order */
export async function writeYaml(
  { folder }: Sweep,
  name: string,
  { head, documents }: { head: readonly string[]; documents: readonly object[] },
): Promise<string> {
  const path = join(folder, name);
  const comment = head.map((line) => `# ${line}\n`).join('');
  const body = documents.map((document) => stringify(document, { lineWidth: 0 })).join('---\n');
  await writeWhole(path, `${comment}${body}`);
  return path;
}

/** A word of a shell's command, whatever is in it. */
export const shellWord = (text: string): string =>
  /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** Of a Kubernetes Job that may take 63 signs with its wave and the index of a cell. */
const LONGEST_NAME = 46;

/** Letters, digits and hyphens, as schedulers want names; what is cut off of a long one is in its last six. */
export function nameOf(text: string): string {
  const name = text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '');
  if (name.length <= LONGEST_NAME) return name || 'sweep';
  return `${name.slice(0, LONGEST_NAME - 7).replace(/-$/, '')}-${hashOf(text).slice(0, 6)}`;
}
