/** NumPy's types that are no numbers: how messages name them, and what to do about them in Python. */

/** @param code `M8[ns]`; '' for a record @param order `<` */
export function numpyTypeName(code: string, order: string): string {
  if (code === 'O') return 'pickled objects';
  if (code === '') return 'a record';
  const kind = code.startsWith('M8') ? ' (dates)' : code.startsWith('m8') ? ' (spans of time)' : '';
  return `NumPy's ${order}${code}${kind}`;
}

/** Undefined where nothing is to be converted. */
export function conversionOf(typeName: string): string | undefined {
  if (/objects$/.test(typeName))
    return 'convert it with .astype(str), or .astype(float) where it holds numbers';
  if (/^NumPy's .?[Mm]8/.test(typeName)) return "convert it with .astype('int64')";
  if (/^NumPy's .?c\d/.test(typeName)) return 'take its .real or its .imag';
  return typeName === 'a record' ? "take one of its fields, array['name']" : undefined;
}
