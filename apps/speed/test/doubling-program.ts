/** Answers each number with twice as much; ends before it answers anything else. */
import { answerTurns } from '../src/turns/answer.ts';

await answerTurns({
  greeting: 'doubles',
  turn: async (line) => (Number.isNaN(Number(line)) ? process.exit(3) : 2 * Number(line)),
  end: () => [12.5, 'done'],
});
