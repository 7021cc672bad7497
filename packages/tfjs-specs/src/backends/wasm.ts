import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';

setWasmPaths(process.env.SPECS_WASM!);
