/** What of a bundle is written for it: the launcher, README.txt, VERSION, NOTICE.txt. */
import type { Version } from '../version.ts';
import type { Package } from './packages.ts';

/**
 * @param program path below the bundle's folder
 * @example
 * launcher('apps/benchmark/src/cli.ts');
 */
export const launcher = (program: string): string => `#!/bin/sh
# Runs the Node of this folder; nothing outside of it is changed. A folder "torch" beside this file is the libtorch.
self=$0
if [ -L "$self" ]; then self=$(readlink -f "$self"); fi
case $self in */*) here=\${self%/*} ;; *) here=. ;; esac
LONGTAIL_BUNDLE=$(cd "$here" && pwd) || exit 1
export LONGTAIL_BUNDLE
if [ -z "\${LONGTAIL_TORCH:-}" ] && [ -d "$LONGTAIL_BUNDLE/torch" ]; then
  LONGTAIL_TORCH=$LONGTAIL_BUNDLE/torch
  export LONGTAIL_TORCH
fi
if [ -d "$LONGTAIL_BUNDLE/lib" ]; then
  LD_LIBRARY_PATH=\${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$LONGTAIL_BUNDLE/lib
  export LD_LIBRARY_PATH
fi
exec "$LONGTAIL_BUNDLE/bin/node" "$LONGTAIL_BUNDLE/${program}" "$@"
`;

export const versionText = ({ version, commit }: Version): string =>
  `longtail ${version}\n${commit === undefined ? '' : `commit ${commit}\n`}node ${process.version}\nlinux-x64, glibc 2.28 or newer\n`;

export const README = `Longtail for Linux x64, without a network and without Node.

  ./longtail engine status      what computes here, and why not something faster
  ./longtail run demo           a first run, in minutes
  ./longtail --help

libtorch computes fastest. It is looked for in LONGTAIL_TORCH (a torch folder), in ./torch beside this
file, and in the PyTorch (2.11 or newer) of the python3 on the PATH; without one WebAssembly computes.
Licences: LICENSE is Longtail's, NOTICE.txt lists the others.
`;

const NODE_NOTICE = `Node.js ${process.version} (bin/node): MIT; Copyright Node.js contributors. It contains V8, OpenSSL, ICU, libuv and others;
their notices: https://github.com/nodejs/node/blob/${process.version}/LICENSE
`;

/** @param packages what is carried, with its folder in the bundle */
export const noticeText = (packages: readonly (Package & { place: string })[]): string =>
  `What this folder carries of others. The licence's text lies in each package's folder, where its authors put one.

${NODE_NOTICE}
${packages.map(({ name, version, license, place }) => `${name} ${version}: ${license ?? 'see its folder'} (${place})`).join('\n')}
`;
