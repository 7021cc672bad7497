/** The table of results set by a real LaTeX, with every sign of a keyboard in its names. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { resultsLatex } from '../src/latex.ts';
import { madeUpResults, madeUpRow } from '../src/testing.ts';

const found = spawnSync('kpsewhich', ['booktabs.sty'], { encoding: 'utf8' });
const hasLatex = Boolean(found.stdout?.trim());
if (!hasLatex) console.warn('skipped: there is no LaTeX with booktabs; install texlive-latex-recommended.');

it.skipIf(!hasLatex)('a table is set by LaTeX, whatever its names hold', () => {
  const folder = mkdtempSync(join(tmpdir(), 'longtail-latex-'));
  try {
    const keyboard = String.fromCharCode(...Array.from({ length: 95 }, (_, i) => 32 + i));
    const rows = [
      madeUpRow('instance-balanced', 'tau', [0.9, 0.5, 0.1]),
      madeUpRow('[*', 'joint', [0.8, 0.6, 0.4]),
    ];
    const results = { ...madeUpResults(rows), name: `${keyboard} τ – − ·` };
    const document = (table: string): string =>
      `\\documentclass{article}\n\\usepackage{booktabs}\n\\begin{document}\n${table}\\end{document}\n`;
    writeFileSync(join(folder, 'table.tex'), document(resultsLatex(results)));
    execFileSync('pdflatex', ['-halt-on-error', '-interaction=nonstopmode', 'table.tex'], { cwd: folder });
    expect(readFileSync(join(folder, 'table.pdf')).subarray(0, 5).toString()).toBe('%PDF-');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
