import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Layer } from '../changes/layers';
import type { RecordedLayer } from './record';

/** Where what a layer takes is recorded. */
export function callsFile(layer: Layer): string {
  return path.join(__dirname, 'calls', `${layer}.json`);
}

export function readCalls(layer: Layer): RecordedLayer {
  return JSON.parse(readFileSync(callsFile(layer), 'utf8')) as RecordedLayer;
}
