/** The Node that runs this, for a machine without one: a program that wants nothing but the C and C++ libraries. */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { DataError, UsageError } from '@longtail/core';

/** Of a Node that a system has made out of its own libraries. */
const OF_MACHINE = /^lib(node|uv|icu|ssl|crypto|z|cares|nghttp2|brotli)[^/]*\.so/;
/** Wanted by Node 25 and later, and often not installed; its functions have not changed for ten years. */
const ATOMIC = /^libatomic\.so/;

export interface NodeProgram {
  readonly file: string;
  /** Libraries that go with it. */
  readonly libraries: readonly string[];
}

/** @throws UsageError where this is no Linux x64 with glibc; DataError where Node wants libraries of this machine */
function librariesOfNode(): string[] {
  const { header, sharedObjects } = process.report.getReport() as unknown as {
    header: { glibcVersionRuntime?: string };
    sharedObjects: readonly string[];
  };
  const here = `${process.platform}-${process.arch}`;
  if (here !== 'linux-x64' || header.glibcVersionRuntime === undefined)
    throw new UsageError(
      `a bundle carries the Node that makes it, and is for Linux x64 with glibc, but this is ${here}${here === 'linux-x64' ? ' without glibc' : ''}; make it on such a machine.`,
    );
  const foreign = sharedObjects.find((path) => OF_MACHINE.test(basename(path)));
  if (foreign)
    throw new DataError(
      `expected a Node that is one file, as nodejs.org has it, but ${process.execPath} wants ${foreign} of this machine; start the command with such a Node.`,
      { foreign },
    );
  return sharedObjects.filter((path) => ATOMIC.test(basename(path)));
}

/** @param scratch folder where a smaller copy may be made */
export function nodeProgram(scratch: string): NodeProgram {
  const libraries = librariesOfNode();
  const stripped = join(scratch, 'node');
  // What is for debuggers is a fifth of it.
  const { error, status } = spawnSync('strip', ['-o', stripped, process.execPath]);
  return { file: !error && status === 0 && existsSync(stripped) ? stripped : process.execPath, libraries };
}
