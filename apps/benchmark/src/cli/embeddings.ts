/** The commands that know no pictures. */
import type { Command } from 'commander';
import { featuresCommand } from './features.ts';
import { predictCommand } from './predict.ts';
import { rebalanceCommand } from './rebalance.ts';

export const embeddingCommands = (context: { signal: AbortSignal }): Command[] => [
  rebalanceCommand(context),
  predictCommand(context),
  featuresCommand(),
];
