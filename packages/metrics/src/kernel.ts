/** WebAssembly of a few instructions, for loops that V8 compiles badly. */

/**
 * @param module in base64
 * @returns null where a page's policy, or an old browser, has none, or none with vectors
 */
export function kernelOf<Exports>(module: string): Exports | null {
  try {
    const bytes = Uint8Array.from(atob(module), (character) => character.charCodeAt(0));
    return new WebAssembly.Instance(new WebAssembly.Module(bytes)).exports as unknown as Exports;
  } catch {
    return null;
  }
}
