/** How many random cases, and from which seed: few and the same ones, or what `pnpm fuzz` asks for. */
export function fuzzing({ runs = 50 }: { runs?: number } = {}): { runs: number; seed: number } {
  return {
    runs: Number(process.env.LONGTAIL_FUZZ_RUNS ?? runs),
    seed: Number(process.env.LONGTAIL_FUZZ_SEED ?? 1),
  };
}
