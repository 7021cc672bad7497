/** onnxruntime-node, which only those who read ONNX files install. */
import { DataError, EngineError } from '@longtail/core';
import type { InferenceSession } from 'onnxruntime-node';

export type Runtime = typeof import('onnxruntime-node');

/** @throws EngineError when it is not installed, or does not load on this machine */
export async function loadRuntime(): Promise<Runtime> {
  try {
    return await import('onnxruntime-node');
  } catch (cause) {
    const isAbsent = (cause as { code?: string }).code === 'ERR_MODULE_NOT_FOUND';
    throw new EngineError(
      isAbsent
        ? 'onnxBackbone needs onnxruntime-node, which is not installed; run "npm install onnxruntime-node --ignore-scripts" (its install script fetches CUDA only).'
        : `onnxBackbone needs onnxruntime-node, which does not load here: ${reason(cause)}.`,
      {},
      { cause },
    );
  }
}

/** @throws DataError when the file is no model that onnxruntime reads */
export async function openSession(
  { InferenceSession }: Pick<Runtime, 'InferenceSession'>,
  file: string,
): Promise<InferenceSession> {
  try {
    // What it would write to stderr is in the error.
    return await InferenceSession.create(file, { logSeverityLevel: 4 });
  } catch (cause) {
    throw new DataError(
      `expected an ONNX model that onnxruntime-node reads in ${file}, but: ${reason(cause)}.`,
      { file },
      { cause },
    );
  }
}

/** Where in the runtime's own source an error arose, with the function's signature. */
const PLACE = /\/\S+:\d+ [^)]*\)( const)?/g;

/** An error of the runtime as part of a sentence: one line, not too long, without the name of the file again. */
export function reason(error: unknown): string {
  const text = String((error as Error).message).replace(/^Load model from .*? failed:/, '');
  return text.replace(PLACE, '').replace(/\s+/g, ' ').trim().slice(0, 200).replace(/\.$/, '');
}
