/** What oneDNN, libtorch's library of convolutions on x86, can do in this build and on this CPU. */
import { readFileSync } from 'node:fs';
import { EngineError } from '@longtail/core';
import { ask } from './dispatch.ts';
import { native } from './native.ts';

let known: { readonly isThere: boolean; readonly hasBfloat16: boolean } | undefined;

export function oneDnn(): { readonly isThere: boolean; readonly hasBfloat16: boolean } {
  if (!known) {
    const answer = ask('mkldnn::_is_mkldnn_bf16_supported');
    known = { isThere: answer !== undefined, hasBfloat16: answer === true && cpuHasBfloat16() };
  }
  return known;
}

let flags: ReadonlySet<string> | undefined;

/** Whether this CPU has a feature, as Linux calls it; elsewhere there is no way to ask. */
export function cpuHas(feature: string): boolean {
  if (process.platform !== 'linux') return false;
  flags ??= new Set(
    /^(?:flags|Features)\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1]?.split(' '),
  );
  return flags.has(feature);
}

/** oneDNN also imitates bfloat16 on CPUs that lack it, more slowly than it computes in float32. */
export const cpuHasBfloat16 = (): boolean =>
  process.platform !== 'linux' || ['avx512_bf16', 'amx_bf16', 'bf16'].some(cpuHas); // elsewhere oneDNN's answer stands

/** @throws EngineError when this CPU does not compute in that type */
export function checkAutocast(autocast: string): void {
  if (autocast !== 'bfloat16')
    throw new EngineError(`autocast must be bfloat16, but it is "${autocast}".`, { autocast });
  if (native().device.kind === 'cpu' && !oneDnn().hasBfloat16)
    throw new EngineError(
      'autocast to bfloat16 needs a CPU that computes in it (AVX-512 BF16 or AMX), but this one does not; leave autocast out.',
      { autocast },
    );
}
