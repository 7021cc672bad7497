/** Writes src/resize/kernel-wasm.ts from kernel.wat beside it: `node test/build-kernel.ts`. A test compares the two. */
import { readFileSync, writeFileSync } from 'node:fs';
import wabt from 'wabt';

const here = (name: string): URL => new URL(`../src/resize/${name}`, import.meta.url);

/** The module that kernel.wat describes, as TypeScript. */
export async function kernelModule(): Promise<string> {
  const module = (await wabt()).parseWat('kernel.wat', readFileSync(here('kernel.wat'), 'utf8'));
  const { buffer } = module.toBinary({});
  module.destroy();
  const base64 = Buffer.from(buffer).toString('base64');
  return `/** Written by test/build-kernel.ts from kernel.wat. */\nexport const KERNEL: string =\n  '${base64}';\n`;
}

if (import.meta.main) writeFileSync(here('kernel-wasm.ts'), await kernelModule());
