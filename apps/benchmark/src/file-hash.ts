/** The checksum of a file, whatever its size: by one piece of memory, read into again and again. */
import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';

const PIECE = 2 ** 20;

/** SHA-256 in hex. @throws the system's error */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  const file = await open(path);
  try {
    const piece = new Uint8Array(PIECE);
    for (;;) {
      const { bytesRead } = await file.read(piece, 0, PIECE);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(piece.subarray(0, bytesRead));
    }
  } finally {
    await file.close();
  }
}
