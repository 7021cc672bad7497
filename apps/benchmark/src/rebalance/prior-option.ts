/** `--prior`: uniform, train, shares class by class, or a file of them by the classes' names. */
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { UsageError } from '@longtail/core';
import type { TargetPrior } from '@longtail/heads';

/** @throws UsageError unless there is a number above 0 for each class */
export async function priorOf(text: string, classNames: readonly string[]): Promise<TargetPrior> {
  if (text === 'uniform' || text === 'train') return text;
  if (text.endsWith('.json') && !existsSync(text))
    throw new UsageError(
      `expected a file of shares, ${text}, for --prior, but there is none; mend the path.`,
    );
  const shares = existsSync(text) ? await sharesByName(text, classNames) : text.split(',').map(Number);
  const wrong = shares.findIndex((share) => !(share > 0 && Number.isFinite(share)));
  if (shares.length === classNames.length && wrong < 0) return shares;
  const found =
    shares.length === classNames.length
      ? `that of "${classNames[wrong]}" is ${shares[wrong]}`
      : `"${text.slice(0, 60)}" gives ${shares.length}`;
  throw new UsageError(
    `--prior takes uniform, train, ${classNames.length} shares above 0 with commas between, or a JSON file {"${classNames[0]}": 0.5, ...}, but ${found}.`,
  );
}

async function sharesByName(file: string, classNames: readonly string[]): Promise<number[]> {
  let named: unknown;
  try {
    named = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new UsageError(`expected JSON in the file of --prior, ${file}, but ${(cause as Error).message}.`);
  }
  const shares = new Map(Object.entries(Object(named)));
  const lacking = classNames.find((name) => !shares.has(name));
  const other = [...shares.keys()].find((name) => !classNames.includes(name));
  if (lacking === undefined && other === undefined) return classNames.map((name) => Number(shares.get(name)));
  const found = lacking === undefined ? `there is "${other}", too` : `there is none of "${lacking}"`;
  throw new UsageError(
    `expected a share of each of the ${classNames.length} classes by its name in the file of --prior, ${file}, but ${found}; mend the file.`,
  );
}
