/** Runs one bundle in this process and prints its results as JSON on the last line. usage: node run-bundle.ts BUNDLE */
import { createRequire } from 'node:module';
import type { SpecResult } from './specs.ts';

interface JasmineResult {
  readonly fullName: string;
  readonly status: string;
  readonly failedExpectations: readonly { readonly message: string }[];
}
interface Jasmine {
  getEnv(): {
    configure(options: object): void;
    addReporter(reporter: { specDone(result: JasmineResult): void }): void;
    execute(): Promise<unknown>;
  };
}

const require = createRequire(import.meta.url);
const environment = (require('jasmine-core') as { boot(): Jasmine }).boot().getEnv();
environment.configure({ random: false });
const results: SpecResult[] = [];
environment.addReporter({
  specDone({ fullName, status, failedExpectations: [failure] }) {
    results.push({ name: fullName, status, ...(failure && { why: failure.message }) });
  },
});
require(process.argv[2]!);
await environment.execute();
process.stdout.write(`\n${JSON.stringify(results)}\n`, () => process.exit(0));
