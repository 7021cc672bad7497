/** What is wrong with a set: counted by kind, and the first of them in words. */

export type ProblemKind = 'list' | 'counts' | 'checksum' | 'duplicate' | 'picture';

export interface Problem {
  readonly kind: ProblemKind;
  /** What was expected, what was found and where, what to do. */
  readonly message: string;
}

export interface Problems {
  readonly total: number;
  readonly byKind: Readonly<Partial<Record<ProblemKind, number>>>;
  readonly first: readonly Problem[];
}

export interface ProblemCollector {
  add(kind: ProblemKind, message: string): void;
  report(): Problems;
}

/** @param options.keep how many are kept in words */
export function problemCollector({ keep = 10 }: { keep?: number } = {}): ProblemCollector {
  const byKind: Partial<Record<ProblemKind, number>> = {};
  const first: Problem[] = [];
  let total = 0;
  return {
    add(kind, message) {
      total++;
      byKind[kind] = (byKind[kind] ?? 0) + 1;
      if (first.length < keep) first.push({ kind, message });
    },
    report: () => ({ total, byKind, first }),
  };
}
