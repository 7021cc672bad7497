/**
 * A loop that never ends blocks the timers of its thread, so a test's timeout cannot report it: another thread ends
 * the process, and says at which input.
 */
import { Worker } from 'node:worker_threads';

const WATCHING = `
const { parentPort, workerData: { milliseconds } } = require('node:worker_threads');
let [what, since] = ['', Infinity];
parentPort.on('message', (message) => { [what, since] = [message, Date.now()]; });
setInterval(() => {
  if (Date.now() - since < milliseconds) return;
  require('node:fs').writeSync(2, what + ': no end after ' + milliseconds + ' ms\\n');
  process.kill(process.pid, 'SIGKILL');
}, 200);
`;

/** `begin` names what the thread does next; unless it begins something else in time, the process ends. */
export function watchdog(milliseconds: number): { begin(what: string): void; end(): Promise<unknown> } {
  const worker = new Worker(WATCHING, { eval: true, workerData: { milliseconds } });
  return { begin: (what) => worker.postMessage(what), end: () => worker.terminate() };
}
