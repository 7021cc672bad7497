/** What the page does: a head and rows in, the class of each row out, by tfjs's plain backend. */
import '@tensorflow/tfjs-backend-cpu';
import { encodeCsv, openFeatures } from '@longtail/formats';
import { type Classifier, decodeClassifier } from '@longtail/heads';
import * as tf from '@tensorflow/tfjs-core';

interface Rows {
  readonly values: Float32Array;
  readonly dim: number;
}

const SHOWN = 100;
const element = <T extends HTMLElement>(selector: string): T => document.querySelector<T>(selector)!;
const [head, file] = [element<HTMLInputElement>('#head'), element<HTMLInputElement>('#file')];
const [rows, table] = [element<HTMLTextAreaElement>('#rows'), element<HTMLTableElement>('table')];
const [link, body] = [element<HTMLAnchorElement>('#all'), element('tbody')];

function typedRows(text: string): Rows {
  const lines = text.trim().split(/\s*\n\s*/);
  const numbers = lines.map((line) => line.split(/[\s,;]+/).map(Number));
  const dim = numbers[0]!.length;
  const wrong = numbers.findIndex((row) => row.length !== dim || !row.every(Number.isFinite));
  if (wrong >= 0) throw new Error(`Line ${wrong + 1} is not ${dim} numbers, as the first line has.`);
  return { values: Float32Array.from(numbers.flat()), dim };
}

async function givenRows(): Promise<Rows | undefined> {
  if (rows.value.trim() !== '') return typedRows(rows.value);
  const [given] = file.files!;
  if (!given) return undefined;
  await using features = await openFeatures(given, { name: given.name });
  const { dim } = features;
  const values = await features.rows(0, features.length);
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad < 0) return { values, dim };
  throw new Error(`Row ${Math.floor(bad / dim)} (from 0) of ${given.name} holds ${values[bad]}.`);
}

/** The class of each row, and its probability. */
function predicted(made: Classifier, { values, dim }: Rows): { classes: number[]; best: Float32Array } {
  const [classes, best] = tf.tidy(() => {
    const all = made.probabilities(tf.tensor2d(values, [values.length / dim, dim]));
    return [tf.argMax(all, 1), tf.max(all, 1)];
  });
  try {
    return { classes: Array.from(classes!.dataSync()), best: best!.dataSync() as Float32Array };
  } finally {
    tf.dispose([classes!, best!]);
  }
}

function show(label: readonly string[], best: Float32Array): void {
  element('#about').textContent = `${label.length} rows`;
  body.replaceChildren();
  for (const [i, name] of label.slice(0, SHOWN).entries()) {
    const row = body.appendChild(document.createElement('tr'));
    for (const text of [String(i), name, best[i]!.toFixed(3)])
      row.appendChild(document.createElement('td')).textContent = text;
  }
  const csv = encodeCsv({ label: [...label], probability: { shape: [best.length], data: best } });
  URL.revokeObjectURL(link.href);
  link.href = URL.createObjectURL(new Blob([csv as Uint8Array<ArrayBuffer>], { type: 'text/csv' }));
}

let turn = 0;

/** What was changed meanwhile is shown, and nothing older. */
async function update(): Promise<void> {
  turn += 1;
  const own = turn;
  for (const part of [table, link]) part.hidden = true;
  for (const text of ['#problem', '#about']) element(text).textContent = '';
  const [given] = head.files!;
  const found = await givenRows();
  if (!given || !found) return;
  const bytes = new Uint8Array(await given.arrayBuffer());
  if (own !== turn) return;
  const made = decodeClassifier(bytes, { source: given.name });
  try {
    const { classes, best } = predicted(made, found);
    show(classes.map((c) => made.classNames[c]!), best); // biome-ignore format: one line
    for (const part of [table, link]) part.hidden = false;
  } finally {
    made.dispose();
  }
}

for (const input of [head, file, rows])
  input.addEventListener('input', () =>
    update().catch((error: Error) => {
      element('#problem').textContent = error.message;
    }),
  );
