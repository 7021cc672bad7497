/** What lies in a folder of pictures and is not taken: counted by kind, so that nothing is passed over in silence. */
import { checkLists, checkObjects } from '@longtail/core';

export interface LeftOut {
  readonly total: number;
  /** 'hidden', 'outside of the class folders', 'links in a circle', or a file's extension. */
  readonly byKind: Readonly<Record<string, number>>;
  /** The first of them, relative to the root. */
  readonly first: readonly string[];
}

/** Of more kinds the rest are 'others': names such as 1.001, 1.002, ... have no end. */
const MOST_KINDS = 20;

export interface LeftOutCollector {
  add(kind: string, path: string): void;
  report(): LeftOut;
}

/** @param options.keep how many are kept by name */
export function leftOutCollector({ keep = 5 }: { keep?: number } = {}): LeftOutCollector {
  const byKind = new Map<string, number>();
  const first: string[] = [];
  let total = 0;
  return {
    add(kind, path) {
      total++;
      const known = byKind.has(kind) || byKind.size < MOST_KINDS ? kind : 'others';
      byKind.set(known, (byKind.get(known) ?? 0) + 1);
      if (first.length < keep) first.push(path);
    },
    report: () => ({ total, byKind: Object.fromEntries(byKind), first }),
  };
}

/** `3 hidden, 1 .txt; the first of them: cat/._1.jpg, ...` */
export function leftOutText(leftOut: LeftOut): string {
  checkObjects({ leftOut });
  const { byKind, first } = leftOut;
  checkObjects({ byKind });
  checkLists({ first });
  const kinds = Object.entries(byKind).map(([kind, count]) => `${count.toLocaleString('en')} ${kind}`);
  return `${kinds.join(', ')}; the first of them: ${Array.from(first).join(', ')}`;
}
