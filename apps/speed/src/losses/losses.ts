/** Losses with their gradients: the part's, the formula as it reads in plain tfjs operations, and PyTorch's, in turn. */
import { steadyMalloc } from '@longtail/engine/steady-malloc';
import type { Command } from 'commander';
import { comparison, partOfName, worksOf } from '../comparison.ts';
import { rounds } from '../environment.ts';
import { LOSS_WORKS, nameOf } from './works.ts';

const TURNS = 9;

export const losses: Command = comparison('losses', {
  what: 'losses and gradients, beside PyTorch, plain tfjs',
  takes: '3 min',
  needs: 'torch',
  turns: TURNS,
})
  .addArgument(partOfName())
  .action(async (part: string) => {
    const works = worksOf(LOSS_WORKS, part, nameOf);
    const turns = rounds(TURNS);
    steadyMalloc();
    await (await import('./time-losses.ts')).timeLosses(works, turns);
  });
