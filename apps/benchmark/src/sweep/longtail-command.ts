/** What starts `longtail` in a job of a scheduler, as a shell reads it. */
import { join } from 'node:path';

/** As one word. */
export const quoted = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`;

/** As one word, bare where that is the same. */
export const asWord = (word: string): string => (/^[\w./:@%+,=-]+$/.test(word) ? word : quoted(word));

const CLI = join(import.meta.dirname, `../cli${import.meta.filename.endsWith('.ts') ? '.ts' : '.js'}`);

export const COMMAND_HELP =
  'what starts longtail in a job, such as "apptainer exec --nv longtail.sif longtail" (default: this Node and this program, which the nodes must see at the same paths)';

export const longtailCommand = ({ command }: Readonly<Record<string, string>>): string =>
  command ?? `${quoted(process.execPath)} ${quoted(CLI)}`;

/** One cell, from where it is to its report. */
export const runCell = (
  index: number | string,
  { command, folder, saveEvery }: { command: string; folder: string; saveEvery?: string | undefined },
): string =>
  `exec ${command} sweep run-cell ${quoted(folder)} ${index}${saveEvery === undefined ? '' : ` --save-every ${quoted(saveEvery)}`}`;
