/** Why a tar cannot be read on, and at which byte. Who knows its name says it. */
export class TarError extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}
