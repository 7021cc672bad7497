/** What is said on stderr before the first epoch: classes without pictures, and that every stage works. */
import { type Dataset, lackingClasses } from '@longtail/datasets';
import { counted } from '@longtail/report/results';
import { diskNeeded, expectRoom, freeBytes } from '../disk-room.ts';
import { passesOnDisk } from '../head-features.ts';
import { type Preflight, preflight } from '../preflight.ts';
import { retrainedNames } from '../retrained-parts.ts';
import { samplerNames } from '../samplers.ts';
import type { RunContext } from '../stages.ts';
import { tell } from './terminal.ts';

/** Names of a long list that are shown. */
const NAMED = 5;

/** One line on the classes without training pictures, '' where there are none. */
export function lackingText(train: Dataset): string {
  const lacking = lackingClasses(train, train);
  if (lacking.length === 0) return '';
  const more = lacking.length > NAMED ? `, ... (${lacking.length - NAMED} more)` : '';
  const size = counted(lacking.length, 'class has', 'classes have');
  return `${size} no training picture and cannot be learned: ${lacking.slice(0, NAMED).join(', ')}${more}`;
}

/** @throws as preflight; DataError when the run's files would not fit on the disk */
export async function check(run: RunContext): Promise<Preflight> {
  const data = await run.data();
  const lacking = lackingText(data.train);
  if (lacking) tell(lacking);
  const found = await preflight(run);
  const networks = samplerNames(run.settings.options.samplers).length;
  const passes = passesOnDisk(run.settings.options, { networks });
  const retrained = networks * retrainedNames(run.settings.options).length;
  const needed = diskNeeded(data, { ...found, networks, passes, retrained });
  expectRoom(run.folder, { needed, free: await freeBytes(run.folder) });
  const pictures = counted(found.pictures, 'picture', 'pictures');
  tell(`checked: every stage on ${pictures} of each split, ${found.seconds.toFixed(1)} s`);
  return found;
}
