import { figures, reportHtml } from '@longtail/report';
import {
  modelCard,
  resultsCsv,
  resultsLatex,
  resultsMarkdown,
  tensorBoardFiles,
} from '@longtail/report/files';
import { pngOf } from '@longtail/report/png';
import { parseResults } from '@longtail/report/results';

const results = parseResults({
  name: 'my method',
  dataset: {
    name: 'three classes',
    classNames: ['cat', 'dog', 'newt'],
    trainCounts: [500, 60, 5],
    groups: { many: [0], medium: [1], few: [2] },
    testSize: 300,
  },
  rows: [
    {
      sampler: 'instance-balanced',
      classifier: 'joint',
      scores: { many: 0.9, medium: 0.6, few: 0.1, all: 0.53 },
    },
    {
      sampler: 'instance-balanced',
      classifier: 'mine',
      scores: { many: 0.8, medium: 0.7, few: 0.5, all: 0.67 },
    },
  ],
});
console.log((await reportHtml(results)).includes('my method')); // true
console.log(resultsCsv(results).split('\n').length - 2); // 2
console.log(resultsMarkdown(results).split('\n')[3]); // | instance-balanced | mine | 80.0 | **70.0** | **50.0** | **67.0** |
console.log(resultsLatex(results).includes('\\toprule')); // true
console.log(modelCard(results, { sampler: 'instance-balanced', classifier: 'mine' }).includes('model-index')); // true
console.log(
  tensorBoardFiles(results)
    .map(({ path }) => path.split('/')[1])
    .join(),
); // joint,mine
const [first] = await figures(results);
console.log(first!.name, (await pngOf(first!.svg)).length > 1000); // 01-many-shot-accuracy true
