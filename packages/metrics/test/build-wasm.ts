/** Writes src/*-wasm.ts from the .wat beside each: `node test/build-wasm.ts`. A test compares them. */
import { readFileSync, writeFileSync } from 'node:fs';
import wabt from 'wabt';

export const MODULES = ['argmax', 'count'] as const;

const here = (name: string): URL => new URL(`../src/${name}`, import.meta.url);

/** The module that NAME.wat describes, as TypeScript. */
export async function moduleOf(name: (typeof MODULES)[number]): Promise<string> {
  const module = (await wabt()).parseWat(`${name}.wat`, readFileSync(here(`${name}.wat`), 'utf8'));
  const { buffer } = module.toBinary({});
  module.destroy();
  const base64 = Buffer.from(buffer).toString('base64');
  const constant = `export const ${name.toUpperCase()}: string =\n  '${base64}';\n`;
  return `/** Written by test/build-wasm.ts from ${name}.wat. */\n${constant}`;
}

if (import.meta.main)
  for (const name of MODULES) writeFileSync(here(`${name}-wasm.ts`), await moduleOf(name));
