/**
 * A published set's folder without its pictures: the lists, and under each path that they name one of a few small JPEGs, by a
 * hard link. A million pictures take the room of their names.
 */
import { existsSync, linkSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import sharp from 'sharp';

/** Lines of `path label`, by the name of the list's file. */
export type Lists = Readonly<Record<string, readonly string[]>>;

/** Height and width; file systems allow 65,000 links to a file at most, so that there are eight. */
const SIZES = [
  [64, 64],
  [64, 96],
  [96, 64],
  [72, 72],
  [48, 80],
  [80, 48],
  [100, 120],
  [120, 100],
] as const;

async function smallJpegs(root: string): Promise<string[]> {
  const pool = join(root, '.pool');
  mkdirSync(pool, { recursive: true });
  return Promise.all(
    SIZES.map(async ([height, width], i) => {
      const path = join(pool, `${i}.jpg`);
      const background = { r: 30 * i, g: 255 - 30 * i, b: 128 };
      await sharp({ create: { width, height, channels: 3, background } })
        .jpeg()
        .toFile(path);
      return path;
    }),
  );
}

/** @returns how many pictures there are now */
export async function writeLayout(root: string, lists: Lists): Promise<number> {
  const jpegs = await smallJpegs(root);
  const folders = new Set<string>();
  let pictures = 0;
  for (const [file, lines] of Object.entries(lists)) {
    writeFileSync(join(root, file), `${lines.join('\n')}\n`);
    for (const line of lines) {
      const path = join(root, line.slice(0, line.lastIndexOf(' ')));
      const folder = dirname(path);
      if (!folders.has(folder)) mkdirSync(folder, { recursive: true });
      folders.add(folder);
      if (!existsSync(path)) linkSync(jpegs[pictures++ % jpegs.length]!, path);
    }
  }
  return pictures;
}
