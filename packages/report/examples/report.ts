import { reportHtml } from '@longtail/report';
import { findings, resultsSchema } from '@longtail/report/results';
import { madeUpResults, madeUpRow } from '@longtail/report/testing';

const made = madeUpResults([
  madeUpRow('instance-balanced', 'joint', [0.9, 0.5, 0.1]), // right of many-, medium- and few-shot classes
  madeUpRow('instance-balanced', 'crt', [0.85, 0.6, 0.4]),
]);
const results = resultsSchema.parse(JSON.parse(JSON.stringify(made))); // or of results.json
const page = await reportHtml(results); // one HTML file that needs nothing else
console.log(page.includes('cRT')); // true
const verdicts = findings(results).map(({ verdict }) => verdict);
console.log(verdicts.join()); // yes,not tested,yes
