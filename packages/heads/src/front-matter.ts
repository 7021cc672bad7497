/** Metadata as YAML, as much as a card takes: texts as JSON has them, which YAML reads alike, so that none means anything else. */

export type Metadata =
  | string
  | number
  | boolean
  | readonly Metadata[]
  | { readonly [key: string]: Metadata | undefined };

const isScalar = (value: Metadata): value is string | number | boolean => typeof value !== 'object';

const indented = (lines: readonly string[], first: string): string[] =>
  lines.map((line, i) => `${i === 0 ? first : ' '.repeat(first.length)}${line}`);

function linesOf(value: Metadata): string[] {
  if (isScalar(value)) return [JSON.stringify(value)];
  if (Array.isArray(value)) return value.flatMap((item: Metadata) => indented(linesOf(item), '- '));
  const present = Object.entries(value).filter(
    (entry): entry is [string, Metadata] => entry[1] !== undefined,
  );
  return present.flatMap(([key, item]) =>
    isScalar(item)
      ? [`${key}: ${JSON.stringify(item)}`]
      : [`${key}:`, ...linesOf(item).map((line) => `  ${line}`)],
  );
}

/** @param metadata keys are plain words */
export const frontMatter = (metadata: { readonly [key: string]: Metadata | undefined }): string =>
  ['---', ...linesOf(metadata), '---', ''].join('\n');
