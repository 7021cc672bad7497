/**
 * Builds @tensorflow/tfjs-node's own addon, which its install script can no longer fetch: the package's C++ by the system's
 * compiler, with the headers of a TensorFlow wheel, against the installed TensorFlow. Prints the folder, which holds
 * tfjs_binding.node and the package.
 * usage: stock-addon.ts [FOLDER]   (for LONGTAIL_BENCH_STOCK_ADDON)
 */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { EngineError } from '@longtail/core';
import { cacheFolder, findTensorflow } from '@longtail/engine';

const [ADDON, HEADERS] = ['tensorflow-tfjs-node-4.22.0', 'node-api-headers-1.9.0']; // as npm names their tarballs
const PACKAGES = ['@tensorflow/tfjs-node@4.22.0', 'node-api-headers@1.9.0'];
const UNZIP = `
import sys, zipfile
wheel = zipfile.ZipFile(sys.argv[1])
wheel.extractall(sys.argv[2], [name for name in wheel.namelist() if name.startswith('tensorflow/include/')])`;

/** @throws EngineError when the program is missing, with the remedy, or fails, with its word */
async function run(program: string, args: string[], cwd: string, remedy: string): Promise<void> {
  try {
    await promisify(execFile)(program, args, { cwd, maxBuffer: 1e8 });
  } catch (cause) {
    const { code, stderr = '' } = cause as { code?: string | number; stderr?: string };
    const lines = stderr.trim().split('\n');
    const said = lines.find((line) => /error|no module/i.test(line)) ?? lines.at(-1);
    const what = code === 'ENOENT' ? 'is not on the PATH' : `failed (${said})`;
    throw new EngineError(`tfjs-node's addon needs ${program}, but it ${what}; ${remedy}.`, {}, { cause });
  }
}

async function build(folder: string, staging: string): Promise<void> {
  const found = findTensorflow();
  if (typeof found === 'string')
    throw new EngineError(
      `tfjs-node's addon needs TensorFlow, but ${found}; run "longtail engine install tensorflow".`,
    );
  const { library, version } = found;
  const inside = (...path: string[]) => join(staging, ...path);
  const within = (program: string, args: string[], remedy: string) => run(program, args, staging, remedy);

  // The compiler first: there may be none, and the wheel is large.
  await within('c++', ['--version'], 'install it (on Debian: apt install g++)');
  await within(
    'npm',
    ['pack', ...PACKAGES, '--ignore-scripts'],
    "install it with Node, or check the network and npm's settings",
  );
  await mkdir(inside('headers'));
  await within('tar', ['-xzf', `${HEADERS}.tgz`, '-C', 'headers'], 'install tar and gzip');
  await within('tar', ['-xzf', `${ADDON}.tgz`, '-C', folder], 'install tar and gzip');
  const pip = '-m pip download --no-deps --only-binary=:all: --disable-pip-version-check -d wheel'.split(' ');
  const tags = '--platform manylinux_2_27_x86_64 --python-version 3.11'.split(' ');
  await within(
    'python3',
    [...pip, ...tags, `tensorflow-cpu==${version}`],
    "install Python with pip (on Debian: apt install python3-pip), or check the network and pip's settings",
  );
  const wheel = inside('wheel', `tensorflow_cpu-${version}-cp311-cp311-manylinux_2_27_x86_64.whl`);
  await within('python3', ['-c', UNZIP, wheel, staging], 'free 0.6 GB in the temporary folder');

  const sources = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((file) => join(folder, 'package/binding', file));
  const includes = ['tensorflow/include', 'headers/package/include'].map((path) => `-I${inside(path)}`);
  const libraries = ['cc', 'framework'].map((name) => join(library, `libtensorflow_${name}.so.2`));
  await within(
    'c++',
    [
      ...['-O3', '-std=c++17', '-shared', '-fPIC', ...includes, ...sources, ...libraries],
      ...[`-Wl,-rpath,${library}`, '-o', join(folder, 'tfjs_binding.node')],
    ],
    'install g++ 9 or newer',
  );
}

const folder = resolve(process.argv[2] ?? join(cacheFolder(), ADDON));
const staging = await mkdtemp(join(tmpdir(), 'longtail-stock-'));
try {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await build(folder, staging);
  console.log(folder);
} catch (error) {
  if (!(error instanceof EngineError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
} finally {
  await rm(staging, { recursive: true });
}
