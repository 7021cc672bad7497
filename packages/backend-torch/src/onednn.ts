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

let cpu: { readonly maker: string | undefined; readonly features: ReadonlySet<string> } | undefined;

/** As Linux tells it; elsewhere there is no way to ask. */
function thisCpu(): NonNullable<typeof cpu> {
  if (!cpu) {
    const text = process.platform === 'linux' ? readFileSync('/proc/cpuinfo', 'utf8') : '';
    const features = /^(?:flags|Features)\s*:(.*)$/m.exec(text)?.[1]?.split(' ');
    cpu = { maker: /^vendor_id\s*:\s*(.*)$/m.exec(text)?.[1], features: new Set(features) };
  }
  return cpu;
}

/** Whether this CPU has a feature, as Linux calls it. */
export const cpuHas = (feature: string): boolean => thisCpu().features.has(feature);

/** MKL, libtorch's library of products, takes AVX-512 on Intel's CPUs alone. */
export const mklLeavesAvx512 = (): boolean => cpuHas('avx512f') && thisCpu().maker !== 'GenuineIntel';

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
