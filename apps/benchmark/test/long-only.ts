/** Tests that take minutes, or fetch much, have a command of their own. */
import type { TestContext } from 'vitest';

/** Skips the test, with the reason printed, unless it was asked for by its command. */
export function longOnly(context: TestContext, { command }: { command: string }): void {
  if (process.env.MODE === 'long') return;
  console.warn(`skipped "${context.task.name}": it runs by ${command}`);
  context.skip(`it runs by ${command}`);
}
