/** Writes src/argmax-wasm.ts from argmax.wat beside it: `node test/build-argmax.ts`. A test compares the two. */
import { readFileSync, writeFileSync } from 'node:fs';
import wabt from 'wabt';

const here = (name: string): URL => new URL(`../src/${name}`, import.meta.url);

/** The module that argmax.wat describes, as TypeScript. */
export async function argmaxModule(): Promise<string> {
  const module = (await wabt()).parseWat('argmax.wat', readFileSync(here('argmax.wat'), 'utf8'));
  const { buffer } = module.toBinary({});
  module.destroy();
  const base64 = Buffer.from(buffer).toString('base64');
  return `/** Written by test/build-argmax.ts from argmax.wat. */\nexport const ARGMAX: string =\n  '${base64}';\n`;
}

if (import.meta.main) writeFileSync(here('argmax-wasm.ts'), await argmaxModule());
