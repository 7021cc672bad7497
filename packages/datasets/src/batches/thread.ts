/** One thread of a loader: reads, decodes and transforms pictures into shared memory. */
import { parentPort } from 'node:worker_threads';
import { InputError, random } from '@longtail/core';
import { openPicture } from '../decode.ts';
import type { Room } from '../render.ts';
import { type Part, prepare } from '../transform.ts';
import { transformFrom } from '../transforms/all.ts';
import { type Answer, asFailure, type Failure, type Job } from './messages.ts';
import { createFileReader, nameOf } from './read-file.ts';

const reader = createFileReader();

async function preparePicture(job: Job, parts: readonly Part[], place: number): Promise<void> {
  const { files, start, shape, pixels, seed, epoch, maxPixels, orient } = job;
  const file = files[place];
  if (!file) return;
  const source = await openPicture(reader.read(file), { source: nameOf(file), maxPixels, orient });
  const room: Room = ({ height, width, channels }) => {
    if (height !== shape[0] || width !== shape[1] || channels !== shape[2])
      throw new InputError(
        `pictures of one batch must be equally large, but ${nameOf(file)} is ${height}x${width}x${channels} and the first ${shape.join('x')}; resize them in the transform.`,
      );
    const size = height * width * channels;
    return pixels.subarray(place * size, (place + 1) * size);
  };
  const made = prepare(source, parts, random(seed, 'augment', epoch, start + place), room);
  if (made.data.buffer !== pixels.buffer) room(made).set(made.data);
}

async function run(job: Job): Promise<Answer> {
  const failures: Failure[] = [];
  const parts = transformFrom(job.calls).parts ?? [];
  for (;;) {
    const place = Atomics.add(job.taken, 0, 1);
    if (place >= job.files.length) return { id: job.id, failures };
    try {
      await preparePicture(job, parts, place);
    } catch (error) {
      failures.push(asFailure(place, error));
    }
  }
}

let last: Promise<void> = Promise.resolve();
parentPort!.on('message', (job: Job | 'close') => {
  last = last.then(async () => {
    if (job !== 'close') return parentPort!.postMessage(await run(job));
    reader.close();
    parentPort!.close();
  });
});
