// Adds up the results that each package's vitest run wrote; no result at all is a failure.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const sum = { passed: 0, failed: 0, skipped: 0 };
for (const group of ['packages', 'apps'])
  for (const name of readdirSync(join(root, group))) {
    const file = join(root, group, name, 'node_modules/.vitest/results.json');
    if (!existsSync(file)) continue;
    const results = JSON.parse(readFileSync(file, 'utf8'));
    sum.passed += results.numPassedTests;
    sum.failed += results.numFailedTests;
    sum.skipped += results.numPendingTests;
  }
console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`);
process.exitCode = sum.passed > 0 && sum.failed === 0 ? 0 : 1;
