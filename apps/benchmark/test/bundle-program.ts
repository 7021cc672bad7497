/**
 * `pnpm test:bundle [ARCHIVE]`: a bundle of at most 60 MB, and the command from it in an empty root folder: the C and C++
 * libraries, /bin/sh, /proc and /dev, no network, no Node. On WebAssembly, and on a libtorch: LONGTAIL_TORCH, or that of the
 * python3 on the PATH. As root, for `chroot` and `unshare`; an archive is made where none is named.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { random } from '@longtail/core';
import { findTorch } from '@longtail/engine';
import { encodeNpy } from '@longtail/formats';
import { writeBundle } from '../src/bundle/write-bundle.ts';

const MOST_BYTES = 60e6;
const FEW = [
  'epochs=1',
  'imagesPerEpoch=32',
  'imagesPerSplit=32',
  'headEpochs=1',
  'samplers=instance-balanced',
];

const work = mkdtempSync(join(tmpdir(), 'longtail-root-'));
const root = join(work, 'root');
let failed = 0;

function expect(what: string, isSo: boolean, found = ''): void {
  console.log(`${isSo ? 'ok' : 'FAILED'}  ${what}${isSo ? '' : `: ${found}`}`);
  if (!isSo) failed++;
}

/** The program's own libraries at their places, as a machine has them; libatomic is the bundle's. */
function copyLibraries(program: string): void {
  const said = execFileSync('ldd', [program], { encoding: 'utf8' });
  for (const [, path] of said.matchAll(/(\/\S+\.so\S*) \(/g)) {
    if (path!.includes('libatomic')) continue;
    mkdirSync(join(root, dirname(path!)), { recursive: true });
    cpSync(realpathSync(path!), join(root, path!));
  }
}

function emptyRoot(archive: string): void {
  for (const name of ['proc', 'dev', 'tmp', 'bin', 'torch-of-machine'])
    mkdirSync(join(root, name), { recursive: true });
  execFileSync('tar', ['-xf', archive, '-C', root]);
  cpSync(realpathSync('/bin/sh'), join(root, 'bin/sh'));
  for (const program of [join(root, 'bin/sh'), join(root, 'longtail/bin/node')]) copyLibraries(program);
  // What torch and libvips want of glibc beside.
  const here = dirname(
    /(\/\S+libc\.so\.6) \(/.exec(execFileSync('ldd', ['/bin/sh'], { encoding: 'utf8' }))![1]!,
  );
  for (const name of ['librt.so.1', 'libutil.so.1', 'libresolv.so.2'])
    cpSync(realpathSync(join(here, name)), join(root, here, name));
}

function table(): void {
  const [rows, dim, classes] = [60, 4, 3];
  const { normal } = random(0, 'table');
  const labels = Int32Array.from({ length: rows }, (_, i) => (i < 36 ? 0 : i < 51 ? 1 : 2));
  const data = Float32Array.from({ length: rows * dim }, (_, i) => {
    const label = labels[Math.floor(i / dim)]!;
    return normal() + (i % dim === label % classes ? 3 : 0);
  });
  writeFileSync(join(root, 'x.npy'), encodeNpy({ shape: [rows, dim], data }));
  writeFileSync(join(root, 'y.npy'), encodeNpy({ shape: [rows], data: labels }));
}

/** In namespaces of its own: what is mounted there is gone with the command. */
function longtail(args: readonly string[], { site = '' }: { site?: string } = {}) {
  const script = `mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" || exit 99
[ -z "$1" ] || mount --bind "$1" "$0/torch-of-machine" || exit 99
root=$0; torch=$1; shift; exec chroot "$root" /longtail/longtail "$@"`;
  const env = {
    HOME: '/tmp',
    OMP_NUM_THREADS: '1',
    ...(site && { LONGTAIL_TORCH: '/torch-of-machine/torch' }),
  };
  const sh = ['--mount', '--net', '--pid', '--fork', 'sh', '-c', script, root, site, ...args];
  const { status, stdout, stderr } = spawnSync('unshare', sh, {
    encoding: 'utf8',
    env: { ...env, PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
  });
  return { code: status, stdout, stderr };
}

function runs(what: string, args: readonly string[], { site = '', says = /./ } = {}): void {
  const start = performance.now();
  const { code, stdout, stderr } = longtail(args, { site });
  const seconds = ((performance.now() - start) / 1000).toFixed(0);
  expect(
    `${what} (${seconds} s)`,
    code === 0 && says.test(stdout),
    `${code} ${stdout.slice(-500)} ${stderr.slice(-1500)}`,
  );
}

const rebalance = ['rebalance', '/x.npy', '--labels', '/y.npy', '--heads', 'ncm,crt', '--json'];
const demo = (backend: string) => [
  ...['run', 'demo', '--backend', backend, '--out', `/tmp/${backend}`, '--json', '--set', ...FEW],
];

async function check(): Promise<void> {
  const archive = process.argv[2] ? resolve(process.argv[2]) : join(work, 'longtail.tar.xz');
  if (!process.argv[2]) await writeBundle(archive);
  const { size } = statSync(archive);
  expect(`${(size / 1e6).toFixed(1)} MB`, size <= MOST_BYTES || archive.endsWith('.tar'), 'more than 60 MB');
  emptyRoot(archive);
  table();
  runs('--version', ['--version'], { says: /^longtail \d/ });
  runs('engine status, without torch', ['engine', 'status'], {
    says: /^backend +wasm$[\s\S]*let python3 have one/m,
  });
  runs('the demo on wasm', demo('wasm'), { says: /"classifier":"crt"/ });
  runs('its report with pictures', ['report', '/tmp/wasm', '--format', 'html,png'], { says: /report\.html/ });
  runs('rebalance on wasm', [...rebalance, '--backend', 'wasm'], { says: /longtail\.rebalance\/1/ });
  const { code, stderr } = longtail(['run', 'demo', '--backend', 'torch', '--out', '/tmp/never']);
  const roads =
    /put a libtorch into \/longtail\/torch, set LONGTAIL_TORCH .*, or start it where python3 has one\.$/;
  expect('no torch is one sentence with three roads', code === 1 && roads.test(stderr.trim()), stderr);
  await onTorch();
}

async function onTorch(): Promise<void> {
  const { found } = await findTorch();
  if (!found) return console.log('skipped: what runs on torch, as none is here');
  const site = join(found.library, '../..'); // NVIDIA's libraries lie beside torch's folder
  runs('engine status, with torch', ['engine', 'status'], { site, says: /^backend +torch/m });
  runs(`the demo on torch ${found.version ?? ''} of ${found.source}`, demo('torch'), {
    site,
    says: /"classifier":"crt"/,
  });
  runs('rebalance on torch', [...rebalance, '--backend', 'torch'], { site, says: /longtail\.rebalance\/1/ });
}

if (
  process.getuid?.() !== 0 ||
  spawnSync('unshare', ['--net', '--mount', 'true']).status !== 0 ||
  !existsSync('/bin/sh')
) {
  console.log('skipped: chroot and unshare want root, on Linux.');
} else {
  try {
    await check();
    process.exitCode = failed > 0 ? 1 : 0;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
