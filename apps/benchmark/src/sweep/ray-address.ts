/** `ray.json` in the folder of a sweep: where the Ray is that has its jobs. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { readJson, writeJson } from '../stored-json.ts';
import type { Sweep } from './cell.ts';

const schema = z.object({ address: z.string() });
const pathOf = ({ folder }: Sweep): string => join(folder, 'ray.json');

/** Undefined where nothing of the sweep went to Ray. @throws DataError when the file is damaged */
export async function readAddress(sweep: Sweep): Promise<string | undefined> {
  if (!existsSync(pathOf(sweep))) return undefined;
  const { address } = await readJson(pathOf(sweep), { schema, after: 'longtail sweep FILE --launcher ray' });
  return address;
}

export const writeAddress = (sweep: Sweep, address: string): Promise<void> =>
  writeJson(pathOf(sweep), { address });
