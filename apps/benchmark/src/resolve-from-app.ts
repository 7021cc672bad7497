/**
 * A module of one's own may import what this package is made of from wherever it lies: `@longtail/...` and tfjs are
 * resolved from here where they are not installed beside the module.
 */
import { createRequire, registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';

const OURS = /^@(longtail|tensorflow)\//;
/** Who depends on what: the engine, and only it, on `@tensorflow/tfjs`. */
const finders = [import.meta.url, import.meta.resolve('@longtail/engine')].map((url) => createRequire(url));

/** Looking comes by the hook itself. */
let isLooking = false;

function foundFromHere(specifier: string): string | undefined {
  isLooking = true;
  try {
    for (const { resolve } of finders)
      try {
        return resolve(specifier);
      } catch {} // the next may, and where none does the module's own error says more
  } finally {
    isLooking = false;
  }
  return undefined;
}

let registered = false;

/** From now on, in this thread. What a module finds by itself stays what it imports. */
export function resolveFromApp(): void {
  if (registered) return;
  registered = true;
  registerHooks({
    resolve(specifier, context, next) {
      try {
        return next(specifier, context);
      } catch (error) {
        if (isLooking || !OURS.test(specifier)) throw error;
        const path = foundFromHere(specifier);
        if (path === undefined) throw error;
        return { url: pathToFileURL(path).href, shortCircuit: true };
      }
    },
  });
}
