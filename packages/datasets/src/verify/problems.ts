/** What is found in a set: counted by kind, and the first of it in words. */

/** What is to be mended. */
export type ProblemKind = 'list' | 'counts' | 'checksum' | 'duplicate' | 'picture';
/** What is to be known. */
export type NoteKind = 'duplicate' | 'classes' | 'left out';

export interface Finding<Kind extends string> {
  readonly kind: Kind;
  /** Of a problem: what was expected, what was found and where, what to do. */
  readonly message: string;
}

export interface Findings<Kind extends string> {
  readonly total: number;
  readonly byKind: Readonly<Partial<Record<Kind, number>>>;
  readonly first: readonly Finding<Kind>[];
}

export type Problem = Finding<ProblemKind>;
export type Problems = Findings<ProblemKind>;
export type Notes = Findings<NoteKind>;

export interface Collector<Kind extends string> {
  add(kind: Kind, message: string): void;
  report(): Findings<Kind>;
}
export type ProblemCollector = Collector<ProblemKind>;

/** @param options.keep how many are kept in words */
export function collector<Kind extends string>({ keep = 10 }: { keep?: number } = {}): Collector<Kind> {
  const byKind: Partial<Record<Kind, number>> = {};
  const first: Finding<Kind>[] = [];
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
