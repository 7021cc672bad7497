/** An array of text as numpy.save writes it: `<U3` or `|S3`. */
export function npyText(code: string, texts: readonly string[]): Buffer {
  const header = `{'descr': '${code}', 'fortran_order': False, 'shape': (${texts.length},), }`.padEnd(117);
  const size = Number(code.slice(2)) * (code[1] === 'U' ? 4 : 1);
  const characters = (text: string) =>
    code[1] === 'U'
      ? Buffer.from(Uint32Array.from(text, (c) => c.codePointAt(0)!).buffer)
      : Buffer.from(text);
  const bytes = texts.map((text) => Buffer.concat([characters(text)], size));
  return Buffer.concat([
    Buffer.from('\x93NUMPY\x01\x00v\x00', 'latin1'),
    Buffer.from(`${header}\n`),
    ...bytes,
  ]);
}
