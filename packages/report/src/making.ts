/** What made the numbers: command, code, machine, data and choices, and every process that had a part in it. */

import { html, type Markup } from './markup.ts';
import { engineTitle, type Provenance, type Results } from './results.ts';

type Fact = readonly [name: string, value: unknown];

function list(facts: readonly Fact[]): Markup {
  const known = facts.filter(([, value]) => value !== undefined && value !== '');
  return html`<dl>${known.map(([name, value]) => html`<dt>${name}</dt><dd>${String(value)}</dd>`)}</dl>`;
}

const code = (command: string): Markup => html`<p><code>${command}</code></p>`;

const hashesOf = ({ pictures = {} as NonNullable<Provenance['pictures']> }: Provenance): Fact[] =>
  Object.entries(pictures).map(([split, hash]): Fact => [`${split} list, SHA-256`, hash]);

const machineOf = ({ date, longtail, node, engine, threads, processes = 1, cpu }: Provenance): Fact[] => [
  ['date', date],
  ['longtail', longtail],
  ['Node', node],
  ['engine', engineTitle(engine)],
  ['threads', processes > 1 ? `${threads} in each of ${processes} processes` : threads],
  ['CPU', cpu],
];

/** One process needs no heading of its own; of several each says what it was. */
function processes(made: readonly Provenance[]): Markup {
  if (made.length === 1) return list([...machineOf(made[0]!), ...hashesOf(made[0]!)]);
  return html`<p>${made.length} processes had a part in it:</p><ol>${made.map((one) => html`<li>${code(one.command)}${list([...machineOf(one), ...hashesOf(one)])}</li>`)}</ol>`;
}

/** null where the results do not say it. */
export function making(results: Results): Markup | null {
  const { command, options = {}, seed, engine, protocol, made = [], selectionSize, hashes = {} } = results;
  const engines = protocol?.engines ?? (engine && engineTitle(engine));
  const size = selectionSize === undefined ? '' : `, ${selectionSize.toLocaleString('en')} pictures`;
  const facts: Fact[] = [
    ['seed', seed],
    ['cut short', protocol?.shortened?.join(', ')],
    ['chosen on', protocol?.selectionSplit && `${protocol.selectionSplit}${size}`],
    ['pictures left out', protocol?.skipped],
    ...(made.length === 1 ? [] : ([['engine', engines]] as Fact[])),
  ];
  const isSaid = [...facts, ...Object.entries(options)].some(
    ([, value]) => value !== undefined && value !== '',
  );
  if (command === undefined && made.length === 0 && !isSaid) return null;
  const hashFacts = Object.entries(hashes);
  return html`<section id="made"><h2>What made it</h2>${command && code(command)}${list(facts)}
${made.length > 0 && processes(made)}${hashFacts.length > 0 && html`<h3>What it rests on</h3>${list(hashFacts)}`}
${Object.keys(options).length > 0 && html`<h3>Options</h3>${list(Object.entries(options))}`}</section>`;
}
