/**
 * Draws docs/architecture.md from the package.json files: who depends on whom, layer by layer.
 * usage: node docs/architecture.ts [--check]   (--check: fail if the file is not up to date)
 */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const target = join(import.meta.dirname, 'architecture.md');
const LAYERS: Record<string, string> = {
  app: 'L3 the apps',
  part: 'L2 the parts',
  engine: 'L2 the engine',
  foundation: 'L1 the foundation',
};

interface Part {
  readonly name: string;
  readonly description: string;
  readonly layer: string;
  readonly uses: readonly string[];
}

function read(folder: string): Part | undefined {
  if (!existsSync(join(root, folder, 'package.json'))) return undefined;
  const {
    name,
    description,
    dependencies = {},
  } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
  const { tags } = JSON.parse(readFileSync(join(root, folder, 'turbo.json'), 'utf8'));
  const short = (full: string) => full.replace('@longtail/', '');
  const uses = Object.keys(dependencies)
    .filter((key) => key.startsWith('@longtail/'))
    .map(short);
  return { name: short(name), description, layer: tags[0], uses };
}

function page(parts: readonly Part[]): string {
  const groups = Object.entries(LAYERS).map(([layer, title]) => {
    const members = parts.filter((part) => part.layer === layer).map((part) => `    ${part.name}`);
    return `  subgraph ${layer}["${title}"]\n${members.join('\n')}\n  end`;
  });
  const arrows = parts.flatMap((part) => part.uses.map((used) => `  ${part.name} --> ${used}`));
  const rows = parts.map(
    (part) => `| \`@longtail/${part.name}\` | ${LAYERS[part.layer]} | ${part.description} |`,
  );
  return `# Architecture

Arrows go down only, but for the one from \`speed\` to the command that it times: parts never import one another, only the apps know two of them, and only the apps load an engine.
\`turbo boundaries\` refuses anything else. This page is written by \`node docs/architecture.ts\`.

\`\`\`mermaid
flowchart TD
${groups.join('\n')}
${arrows.join('\n')}
\`\`\`

| package | layer | what it is |
| --- | --- | --- |
${rows.join('\n')}
`;
}

const folders = ['packages', 'apps'].flatMap((group) =>
  readdirSync(join(root, group))
    .sort()
    .map((name) => `${group}/${name}`),
);
const parts = folders
  .map(read)
  .filter((part) => part !== undefined)
  .filter((part) => part.layer in LAYERS);
const text = page(parts);
if (!process.argv.includes('--check')) writeFileSync(target, text);
else if (!existsSync(target) || readFileSync(target, 'utf8') !== text) {
  console.error('docs/architecture.md is not up to date; run: node docs/architecture.ts');
  process.exitCode = 1;
}
