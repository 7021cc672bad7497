/**
 * Puts the programs of `examples/` into the READMEs and tutorials: each TypeScript block is a whole one, named in the comment before
 * it, `<!-- examples/NAME.ts -->`, and each program is on one of these pages. Tests run them (test/examples.test.ts of a package).
 * usage: node docs/examples.ts [--check]   (--check: fail if a README is not up to date)
 */
import { existsSync, globSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

const root = join(import.meta.dirname, '..');
const BLOCK = /(?:^<!-- (?<name>\S+) -->\n)?^```(?:ts|typescript|js|javascript)\n.*?^```$/gms;
const isCheck = process.argv.includes('--check');
const problems: string[] = [];

const PAGES = ['README.md', '{packages,apps}/*/README.md', 'docs/tutorials/*.md'];
const pages = globSync(PAGES, { cwd: root });
const shown = new Set<string>();
for (const page of pages) {
  const text = readFileSync(join(root, page), 'utf8');
  const written = text.replace(BLOCK, (block, ...rest) => {
    const { name } = rest.at(-1) as { name?: string };
    const path = name && join(dirname(page), name);
    if (!path || !existsSync(join(root, path))) {
      problems.push(
        `${page}: name the program of the block that begins "${block.split('\n')[1]}" before it.`,
      );
      return block;
    }
    shown.add(path);
    return `<!-- ${name} -->\n\`\`\`ts\n${readFileSync(join(root, path), 'utf8').trim()}\n\`\`\``;
  });
  if (written === text) continue;
  if (isCheck) problems.push(`${page} is not up to date; run: node docs/examples.ts`);
  else writeFileSync(join(root, page), written);
}
for (const path of globSync('{packages,apps}/*/examples/*.ts', { cwd: root }))
  if (!shown.has(path)) problems.push(`${path} is on no page.`);
for (const problem of problems) console.error(problem);
if (problems.length > 0) process.exitCode = 1;
