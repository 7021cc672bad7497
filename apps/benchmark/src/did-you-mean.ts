/** The nearest of the names that there are, for a message about one that there is not. */
import { closestMatch } from 'leven';

/** @returns the end of the message, such as `; did you mean "epochs"?`; `.` where no name is near: a third of it may differ */
export function didYouMean(name: string, names: readonly string[]): string {
  const plain = (text: string) => text.toLowerCase().replaceAll(/[-_ ]/g, '');
  const maxDistance = Math.ceil(plain(name).length / 3);
  const nearest = closestMatch(plain(name), names.map(plain), { maxDistance });
  return nearest === undefined ? '.' : `; did you mean "${names.find((known) => plain(known) === nearest)}"?`;
}
