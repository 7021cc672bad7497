/** `longtail new-recipe NAME --data DIR`: a recipe for a folder of pictures, to run as it is and to change. */
import { writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { DataError, UsageError } from '@longtail/core';
import { Command } from 'commander';
import { asTyped } from './command-name.ts';
import { print, tell } from './terminal.ts';

/** A file's name on every system. */
const NAME = /^[a-z0-9][a-z0-9_-]*$/i;

/** @throws UsageError when the file is there already, which is left as it is */
async function writeNew(path: string, text: string): Promise<void> {
  await writeFile(path, text, { flag: 'wx' }).catch((cause: NodeJS.ErrnoException) => {
    if (cause.code === 'EEXIST')
      throw new UsageError(`${path} is there already and stays as it is; choose another name, or move it.`, {
        path,
      });
    throw new DataError(
      `expected to write ${path}, but ${cause.message}; go to a folder that can be written to.`,
      { path },
      { cause },
    );
  });
}

async function newRecipe(given: string, { data }: { data: string }): Promise<void> {
  const name = given.replace(/\.ts$/, '');
  if (!NAME.test(name))
    throw new UsageError(
      `a recipe's name is of letters, digits, - and _, such as my-birds, but got "${given}"; its file goes into this folder.`,
    );
  const { recipeNames } = await import('../recipes.ts');
  if (recipeNames.includes(name))
    throw new UsageError(
      `there is a recipe ${name} already, whose runs would be mixed with those of this one; choose another name.`,
    );
  const { lookAt } = await import('../new-recipe/look.ts');
  const { recipeText, remarksOf } = await import('../new-recipe/write.ts');
  const folder = resolve(data);
  const path = resolve(`${name}.ts`);
  const looked = await lookAt(folder);
  await writeNew(path, asTyped(recipeText(name, looked, { data: folder })));
  for (const remark of remarksOf(looked)) tell(remark);
  print(`wrote ${path}; next: longtail run ./${name}.ts --dry-run`);
}

export const newRecipeCommand = (): Command =>
  new Command('new-recipe')
    .description('write a recipe for a folder of pictures: runs as it is, and each choice has a comment')
    .argument('<name>', 'of the recipe; NAME.ts is written into this folder')
    .requiredOption(
      '--data <folder>',
      'train/ and test/ of class folders, train.txt and test.txt, or class folders',
    )
    .addHelpText(
      'after',
      '\nExample:\n  longtail new-recipe birds --data photos/birds\n  longtail run ./birds.ts',
    )
    .action(newRecipe);
