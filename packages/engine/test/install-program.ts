import { installTorch, thisHost } from '../src/index.ts';

let last = '';
const { library } = await installTorch({
  host: thisHost(),
  onProgress: ({ phase, done, total }) => {
    const line = `${phase} ${total ? Math.floor((10 * done) / total) : ''}`;
    if (line !== last) console.log(line);
    last = line;
  },
});
console.log(library);
