/**
 * SIGINT, SIGTERM, SIGUSR1 and SIGUSR2 (which schedulers send before a job's time is over) from the program's first moment: one
 * that comes while it is loaded is kept. Whoever listens to SIGUSR1 has it instead of Node's inspector. Nothing is imported here.
 */
const SIGNALS: readonly NodeJS.Signals[] =
  process.platform === 'win32' ? ['SIGINT', 'SIGTERM'] : ['SIGINT', 'SIGTERM', 'SIGUSR1', 'SIGUSR2'];

let kept: NodeJS.Signals | undefined;
let hear = (name: NodeJS.Signals): void => {
  kept ??= name;
};

// `on`, not `once`: libraries that watch signals end the process when they find nobody else listening.
for (const name of SIGNALS) process.on(name, () => hear(name));

/** From now on every signal goes to the listener, and at once the first of those that came before. */
export function takeSignals(listener: (name: NodeJS.Signals) => void): void {
  hear = listener;
  if (kept) listener(kept);
}
