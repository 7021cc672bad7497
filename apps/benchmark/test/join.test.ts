import { expect, it } from 'vitest';
import { threadsOf } from '../src/cli/join.ts';

const on = (host: string, cores: number, all: number) => ({ host, cores, all });

it.each([
  ['the cores of the machine are shared', on('a', 8, 8), [on('a', 8, 8), on('a', 8, 8), on('b', 8, 8)], 4],
  ['one core is the least', on('a', 2, 2), [on('a', 2, 2), on('a', 2, 2), on('a', 2, 2)], 1],
  ['bound cores are its own', on('a', 4, 8), [on('a', 4, 8), on('a', 4, 8)], 4],
  ['a part of the machine that all may use is shared', on('a', 6, 8), [on('a', 6, 8), on('a', 6, 8)], 3],
  ['alone on its machine it has all', on('b', 16, 16), [on('a', 8, 8), on('b', 16, 16)], 16],
])('%s', (_, own, places, threads) => {
  expect(threadsOf(own, places)).toBe(threads);
});
