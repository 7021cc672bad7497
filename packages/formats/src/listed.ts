/** Names for messages. */
export const listed = (names: readonly string[]): string =>
  names.length > 0
    ? names
        .slice(0, 20)
        .map((name) => JSON.stringify(name.slice(0, 80)))
        .join(', ') + (names.length > 20 ? ', ...' : '')
    : 'nothing';
