/**
 * The last process ends in a way of its own, while the others wait for it in a sum and take no signal.
 * usage: mpirun -n R node endings.ts abort|throw|reject|exit|kill|never|good
 */
import { writeSync } from 'node:fs';
import { openCollective } from '../../src/index.ts';

const group = await openCollective();
const isLast = group.rank === group.size - 1;
writeSync(1, `${process.pid}\n`);
group.barrier();

const WAYS: Readonly<Record<string, () => unknown>> = {
  abort: () => group.abort('the disk is full', { code: 3 }),
  throw() {
    throw new RangeError('loss is NaN');
  },
  reject: () => Promise.reject(new Error('nobody catches this')),
  exit: () => process.exit(7),
  kill: () => process.kill(process.pid, 'SIGKILL'),
  never: () => {},
  good: () => group.reduceArrays([Float64Array.of(1)]),
};

if (!isLast) {
  process.on('SIGTERM', () => {});
  group.reduceArrays([Float64Array.of(1)]);
} else await WAYS[process.argv[2]!]!();
if (process.argv[2] === 'never') setInterval(() => {}, 1000);
