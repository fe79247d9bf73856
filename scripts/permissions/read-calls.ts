import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../../local/toolchain';
import { layerNames, type Layer } from '../changes/layers';
import type { RecordedLayer } from './record';

/** Where what a layer takes is recorded. */
export function callsFile(layer: Layer): string {
  return path.join(__dirname, 'calls', `${layer}.json`);
}

/** In the order of deployment. */
export function recordedLayers(): Layer[] {
  return layerNames.filter((layer) => existsSync(callsFile(layer)));
}

/** @throws UserError for a layer that was not recorded */
export function readCalls(layer: Layer): RecordedLayer {
  if (!existsSync(callsFile(layer)))
    throw new UserError(`"${layer}" is not recorded: npm run permissions -- --record ${layer}`);
  return JSON.parse(readFileSync(callsFile(layer), 'utf8')) as RecordedLayer;
}
