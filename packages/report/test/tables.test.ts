import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { resultsCsv } from '../src/csv.ts';
import { escapeLatex, resultsLatex } from '../src/latex.ts';
import { escapeMarkdown, resultsMarkdown } from '../src/markdown.ts';
import type { Results } from '../src/results.ts';
import { madeUpResults, madeUpRow } from '../src/testing.ts';

const rows = ['instance-balanced', 'class-balanced'].flatMap((sampler, i) => [
  madeUpRow(sampler, 'joint', [0.9, 0.5, 0.1]),
  madeUpRow(sampler, 'tau', [0.8, 0.6, 0.4 + i / 10]),
]);
const results = madeUpResults(rows);
const read = (csv: string): Record<string, string>[] => parse(csv, { columns: true });

const COLUMNS =
  'name,recipe,dataset,sampler,classifier,chosen,seed,loss,group_rule,selection_split,epoch_rule,batch_norm,engine,device,' +
  'many,many_low,many_high,medium,medium_low,medium_high,few,few_low,few_high,all,all_low,all_high,' +
  'mean_of_classes,mean_of_classes_low,mean_of_classes_high,macro_f1,macro_f1_low,macro_f1_high,test_size';

describe('resultsCsv', () => {
  it('has a line a row and always the same columns', () => {
    const { name, dataset } = results;
    const bare = { name, dataset, rows: [{ ...rows[0]!, scores: { ...rows[0]!.scores, few: null } }] };
    for (const given of [results, bare]) expect(resultsCsv(given).split('\n')[0]).toBe(COLUMNS);
    expect(read(resultsCsv(results))[1]).toMatchObject({
      ...{ recipe: 'made-up', sampler: 'instance-balanced', classifier: 'tau', chosen: 'tau 0.7', seed: '0' },
      ...{ selection_split: 'validation', epoch_rule: 'last', engine: 'torch 2.15.0', device: 'cpu' },
      ...{ many: '0.8', few: '0.4', few_low: '', test_size: '1800' },
    });
    expect(read(resultsCsv(bare))[0]).toMatchObject({ recipe: '', seed: '', few: '', all: '0.5' });
  });
  it('has intervals where there are any, and several results one after another', () => {
    const [first] = rows;
    const scores = { ...first!.scores, intervals: { few: [0.05, 0.2] as const } };
    const csv = resultsCsv([
      { ...results, rows: [{ ...first!, scores }] },
      { ...results, seed: 1 },
    ]);
    expect(read(csv).map(({ seed }) => seed)).toEqual(['0', '1', '1', '1', '1']);
    expect(read(csv)[0]).toMatchObject({ few_low: '0.05', few_high: '0.2', all_low: '' });
  });
  it('is read back as it was, whatever the texts', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (name) => {
        const [line] = read(resultsCsv({ ...results, name }));
        expect(line!.name).toBe(name.toWellFormed());
      }),
    );
  });
});

describe('resultsMarkdown', () => {
  it('is a table with the best in bold, and says the conditions', () => {
    const lines = resultsMarkdown(results).split('\n');
    expect(lines[0]).toBe('| representation | classifier | many | medium | few | all |');
    expect(lines[1]).toBe('| --- | --- | ---: | ---: | ---: | ---: |');
    expect(lines[2]).toBe('| instance-balanced | Joint | **90.0** | 50.0 | 10.0 | 50.0 |');
    expect(lines[5]).toBe(
      '| class-balanced | τ-norm \\(tau 0.7\\) | 80.0 | **60.0** | **50.0** | **63.3** |',
    );
    expect(lines[7]).toMatch(/^Accuracy in % of made-up on made up · loss cross-entropy · .*seed 0/);
  });
  it('lets no text end a cell, a line or begin HTML', () => {
    const evil = 'a|b\n# <script> **x** https://x.org [l](u) `c` &lt; @me';
    const table = resultsMarkdown({ ...results, rows: [{ ...rows[0]!, sampler: evil }] }).split('\n');
    expect(table[2]!.replaceAll(/\\./g, '').match(/\|/g)).toHaveLength(7);
    expect(escapeMarkdown(evil)).toBe(
      'a\\|b \\# \\<script\\> \\*\\*x\\*\\* https\\://x.org \\[l\\]\\(u\\) \\`c\\` \\&lt; &#64;me',
    );
  });
});

describe('resultsLatex', () => {
  it('is a booktabs table whose lines have the columns of their head', () => {
    const lines = resultsLatex(results).split('\n');
    expect(lines).toEqual(expect.arrayContaining(['\\toprule', '\\bottomrule', '\\begin{tabular}{llrrrr}']));
    expect(lines.filter((line) => line === '\\midrule')).toHaveLength(2);
    const body = lines.filter((line) => line.endsWith('\\\\'));
    expect(body).toHaveLength(5);
    for (const line of body) expect(line.match(/(?<!\\)&/g)).toHaveLength(5);
    expect(body[1]).toBe('instance-balanced & Joint & \\textbf{90.0} & 50.0 & 10.0 & 50.0 \\\\');
    expect(body[2]).toBe(' & $\\tau$-norm (tau 0.7) & 80.0 & \\textbf{60.0} & 40.0 & 60.0 \\\\');
  });
  it('escapes what LaTeX would take for its own', () => {
    expect(escapeLatex('50 % of a_b & {c}\\d ^~ $1 #2 <τ>\n–')).toBe(
      '50 \\% of a\\_b \\& \\{c\\}\\textbackslash{}d \\textasciicircum{}\\textasciitilde{} \\$1 \\#2 \\textless{}$\\tau$\\textgreater{} --',
    );
    expect(escapeLatex('[a] * --set')).toBe('{[}a] {*} -{}-set');
    const evil: Results = { ...results, name: '}\\end{table}%' };
    expect(resultsLatex(evil).match(/\\end\{table\}/g)).toHaveLength(1);
  });
});
