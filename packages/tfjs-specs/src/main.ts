/** usage: pnpm specs [torch|tensorflow|wasm|cpu ...] [--failed]   --failed lists what did not pass, and why */
import { type Backend, runSpecs, summary } from './specs.ts';

const args = process.argv.slice(2);
const named = args.filter((arg) => !arg.startsWith('-')) as Backend[];
for (const backend of named.length > 0 ? named : (['torch', 'tensorflow', 'wasm', 'cpu'] as const)) {
  const results = await runSpecs(backend);
  console.log(summary(backend, results));
  if (args.includes('--failed'))
    for (const { name, status, why = '' } of results)
      if (status === 'failed') console.log(`  ${name}: ${why.split('\n')[0]}`);
}
