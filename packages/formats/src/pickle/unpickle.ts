/**
 * Pickle's stack machine, on data alone. Nothing nests while it runs, so depth costs nothing; the objects and the text
 * that it may hold are bounded, so a file of any size is read or refused in bounded memory.
 */
import type { Source } from '../source.ts';
import { type Cursor, cursorOf } from './cursor.ts';
import type { Dialect, Reading } from './dialect.ts';
import { type Machine, OPERATIONS } from './operations.ts';
import type { Value } from './values.ts';

const PROTO = 0x80;
const STOP = 0x2e;
const TEXT = new TextDecoder();

/**
 * @param place of the pickle, in bytes: a member of a zip, or one of several in a file
 * @returns what it holds, and where it ends
 * @throws DataError with the byte of the operation that cannot be
 */
export async function unpickle(
  source: Source,
  dialect: Dialect,
  { start = 0, end = source.size }: { start?: number; end?: number } = {},
): Promise<{ root: Value; end: number }> {
  const cursor = cursorOf(source, { ...dialect, start, end });
  await cursor.ready();
  if (end - start < 2 || cursor.next() !== PROTO) throw cursor.refuse('there is no protocol 2, 3, 4 or 5');
  const protocol = cursor.unsigned(1);
  if (protocol < 2 || protocol > 5) throw cursor.refuse(`there is the protocol ${protocol}`);
  const machine = machineOf(cursor, dialect);
  for (let count = 0; count < dialect.maxOperations; count++) {
    const moved = cursor.ready();
    if (moved) await moved;
    const code = cursor.next();
    if (code === STOP) return { root: machine.pop(), end: cursor.position() };
    const operation = OPERATIONS[code];
    if (!operation)
      throw cursor.refuse(`there is the operation 0x${code.toString(16)}, which arrays do not need`);
    const read = operation(machine);
    if (read) await read;
  }
  throw cursor.refuse(`there are more than ${dialect.maxOperations} operations`);
}

function machineOf(cursor: Cursor, dialect: Dialect): Machine {
  const stack: Value[] = [];
  const marks: number[] = [];
  const memo = new Map<number, Value>();
  let left = dialect.maxTexts;
  const reading: Reading = {
    refuse: cursor.refuse,
    spend(amount) {
      left -= amount;
      if (left < 0) throw cursor.refuse(`there are more than ${dialect.maxTexts} bytes of text`);
    },
  };
  function top(): Value {
    // What lies below a mark belongs to whoever set it.
    if (stack.length <= (marks.at(-1) ?? 0)) throw cursor.refuse('the stack is empty');
    return stack.at(-1)!;
  }
  return {
    cursor,
    dialect,
    reading,
    top,
    push: (value) => void stack.push(value),
    pop() {
      const value = top();
      stack.pop();
      return value;
    },
    mark: () => void marks.push(stack.length),
    popToMark() {
      const mark = marks.pop();
      if (mark === undefined) throw cursor.refuse('there is no mark');
      return stack.splice(mark);
    },
    store: (index) => void memo.set(index, top()),
    memoSize: () => memo.size,
    load(index) {
      const value = memo.get(index);
      if (value === undefined) throw cursor.refuse(`there is nothing under ${index}`);
      stack.push(value);
    },
    text(length) {
      if (length > dialect.maxText)
        throw cursor.refuse(`there is text of ${length} bytes (protocol 2 spells arrays so)`);
      reading.spend(length);
      const found = () => TEXT.decode(cursor.take(length));
      return cursor.ready(length)?.then(found) ?? found();
    },
  };
}
