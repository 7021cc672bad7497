/** Writes the pictures of odd/corpus.ts into a folder: node write-odd-pictures.ts FOLDER */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { oddPictures } from './odd/corpus.ts';

const [folder] = process.argv.slice(2);
if (!folder) throw new Error('name a folder: node write-odd-pictures.ts FOLDER');
mkdirSync(folder, { recursive: true });
for (const [name, file] of oddPictures()) writeFileSync(join(folder, name), file);
