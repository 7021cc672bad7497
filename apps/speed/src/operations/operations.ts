/** Single operations of ResNet-50's size in turn with PyTorch's on the same machine, its better layout. */
import { steadyMalloc } from '@longtail/engine/steady-malloc';
import type { Command } from 'commander';
import { comparison, partOfName, worksOf } from '../comparison.ts';
import { rounds } from '../environment.ts';
import { WORKS } from './works.ts';

const TURNS = 9;

export const operations: Command = comparison('operations', {
  what: "operations of ResNet-50's size, beside PyTorch",
  takes: '10 min',
  needs: 'torch',
  turns: TURNS,
})
  .addArgument(partOfName())
  .action(async (part: string) => {
    const works = worksOf(WORKS, part, ({ name }) => name);
    const turns = rounds(TURNS);
    steadyMalloc();
    await (await import('./time-operations.ts')).timeOperations(works, turns);
  });
