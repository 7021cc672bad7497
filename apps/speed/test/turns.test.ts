import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { type Contestant, enter, enterOwn, takeTurns } from '../src/turns/contestant.ts';

const program = join(import.meta.dirname, 'doubling-program.ts');
const said = vi.spyOn(console, 'error');
afterEach(() => said.mockClear());

it('a contestant answers turn by turn, and says its peak at the end', async () => {
  const one = await enterOwn('one', program, []);
  expect(said).toHaveBeenCalledWith('one: doubles');
  expect([await one.turn('4'), await one.turn('7')]).toEqual([8, 14]);
  expect(await one.end()).toEqual({ peak: 12.5, more: ['done'] });
});

it('who takes turns comes in order, and the first rounds do not count', async () => {
  const order: string[] = [];
  const contestant = (name: string): Contestant => ({
    name,
    times: [],
    turn: async () => order.push(name),
    end: async () => ({ peak: 0, more: [] }),
  });
  const both = [contestant('a'), contestant('b')];
  await takeTurns(both, { rounds: 2, warm: 1 });
  expect(order.join('')).toBe('ababab');
  expect(both.map(({ times }) => times)).toEqual([
    [3, 5],
    [4, 6],
  ]);
});

it('a rival that does not start is left out with a note; our own ends the comparison', async () => {
  expect(await enter('rival', ['/nowhere/python', 'x.py'])).toBeUndefined();
  expect(said.mock.calls.flat()).toEqual([
    expect.stringContaining('/nowhere/python'),
    'rival: left out, it does not start',
  ]);
  await expect(enterOwn('own', `${program}x`, [])).rejects.toThrow(/expected .+ to start, but it has ended/);
});

it('a process that ends before its answer is named', async () => {
  const one = await enterOwn('one', program, []);
  await expect(one.turn('x')).rejects.toThrow('expected an answer of one, but its process has ended');
  expect(await one.end()).toEqual({ peak: Number.NaN, more: [] });
});
