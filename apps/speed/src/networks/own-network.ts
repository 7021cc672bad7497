/**
 * A training step, or inference, of a network by Longtail's parts: see turns/contestant.ts, and networks.py for its twin.
 * usage: own-network.ts NETWORK step|inference BATCH
 */
import { loadEngine } from '@longtail/engine';
import { steadyMalloc } from '@longtail/engine/steady-malloc';
import { answerTurns, peakOfProcess } from '../turns/answer.ts';
import { milliseconds } from '../turns/time.ts';
import { inference, trainingStep } from './training-step.ts';

const [, , network = '', what, batch] = process.argv;
steadyMalloc();
const { backend, version } = await loadEngine({ backend: 'torch' });
const run = (what === 'step' ? trainingStep : inference)(network, Number(batch));

await answerTurns({
  greeting: `${backend} ${version}`,
  turn: () =>
    milliseconds(() => {
      const result = run();
      result.dataSync();
      result.dispose();
    }),
  end: () => [peakOfProcess()],
});
