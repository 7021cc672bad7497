/** The mean of what there is: a class without rows has no score, and a group without such classes has none either. */

export function mean(values: ArrayLike<number | null>): number | null {
  let [sum, count] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value === null) continue;
    sum += value;
    count += 1;
  }
  return count === 0 ? null : sum / count;
}

/** The mean over some of the places. */
export function meanAt(values: ArrayLike<number | null>, places: ArrayLike<number>): number | null {
  let [sum, count] = [0, 0];
  for (let i = 0; i < places.length; i++) {
    const value = values[places[i]!];
    if (value === null || value === undefined) continue;
    sum += value;
    count += 1;
  }
  return count === 0 ? null : sum / count;
}
