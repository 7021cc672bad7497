/** What a row says of two methods: 0 where both are right or both wrong, 1 where only the first is right, 2 where only the second is. */
export function outcomesOf(first: Int32Array, second: Int32Array, labels: Int32Array): Int32Array {
  return labels.map((label, i) => {
    const isFirst = first[i] === label;
    return isFirst === (second[i] === label) ? 0 : isFirst ? 1 : 2;
  });
}

/** Of the first less the second. */
export const GAINS: readonly number[] = [0, 1, -1];
