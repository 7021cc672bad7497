/** What the installer must know of a machine, as plain data. */

export interface Host {
  /** `linux-x64`, `darwin-arm64`, ... */
  readonly platform: string;
  /** Such as `2.36`; undefined where the C library is another (macOS, Windows, musl). */
  readonly glibc: string | undefined;
  /** The command that runs Python. */
  readonly python: string;
}

export function thisHost(): Host {
  const report = process.report.getReport() as unknown as { header: { glibcVersionRuntime?: string } };
  return {
    platform: `${process.platform}-${process.arch}`,
    glibc: report.header.glibcVersionRuntime,
    python: process.platform === 'win32' ? 'python' : 'python3',
  };
}
