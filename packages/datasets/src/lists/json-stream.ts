/** The elements of a JSON file's top-level arrays, one by one: a file of any size takes the room of one element. */
import { DataError } from '@longtail/core';
import { jsonParser } from 'stream-json/core/parser.js';
import { jsonVerifier } from 'stream-json/core/utils/verifier.js';
import FlexAssembler from 'stream-json/utils/flex-assembler.js';
import { fileBytes } from './text-file.ts';

async function* fileText(path: string): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  for await (const chunk of fileBytes(path)) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

/** Line and position of the first place that is not JSON, by reading the file again. */
async function placeOfError(path: string): Promise<string> {
  const verify = jsonVerifier();
  try {
    for await (const text of fileText(path)) verify(text);
  } catch (error) {
    const { line, pos } = error as { line?: number; pos?: number };
    if (line) return `line ${line}, position ${pos}`;
  }
  return 'its end';
}

/**
 * @param path of a JSON file with an object; `.gz` is read as what it holds
 * @param onElement by the name of an array
 * @throws DataError that names file and place where it is not JSON
 */
export async function readArrays(
  path: string,
  onElement: Readonly<Record<string, (element: unknown, index: number) => void>>,
): Promise<void> {
  const assembler = new FlexAssembler({
    arrayRules: Object.entries(onElement).map(([name, take]) => {
      let next = 0;
      return {
        filter: ([key, ...inner]) => key === name && inner.length === 0,
        create: () => [], // stays empty: elements are handed on
        add: (_, element) => take(element, next++),
      };
    }),
  });
  const parse = jsonParser({ streamValues: false });
  let isEmpty = true;
  try {
    for await (const text of fileText(path)) {
      const tokens = parse(text);
      if (typeof tokens !== 'object' || !('values' in tokens)) continue;
      isEmpty = false;
      for (const token of tokens.values) assembler.consume(token);
    }
    if (isEmpty || !assembler.done) throw new Error('it ends too early');
  } catch (cause) {
    if (cause instanceof DataError) throw cause;
    throw new DataError(
      `expected JSON in ${path}, but at ${await placeOfError(path)} it is none (${(cause as Error).message}); fetch it again.`,
      { path },
      { cause },
    );
  }
}
