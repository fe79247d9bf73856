// What was recorded: docs/changes/<layer>.json.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Change } from './cases';
import { layerNames, type Layer } from './layers';
import type { Row } from './outcome';

const FOLDER = path.resolve(__dirname, '../../docs/changes');

export interface Results {
  /** The AWS provider it was recorded with. */
  readonly provider: string;
  readonly changes: readonly Row[];
}

export function readResults(layer: Layer, folder = FOLDER): Results | undefined {
  const file = path.join(folder, `${layer}.json`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Results) : undefined;
}

/** The layers that were recorded. */
export function recordedLayers(folder = FOLDER): Layer[] {
  return layerNames.filter((layer) => readResults(layer, folder) !== undefined);
}

/** Writes rows in the order of `changes`, one a line; those of no change are left out. */
export function writeResults(
  layer: Layer,
  provider: string,
  rows: readonly Row[],
  changes: readonly Change[],
  folder = FOLDER,
): void {
  const ordered = changes.flatMap((change) => rows.find((row) => isOf(row, change)) ?? []);
  const lines = ordered.map((row) => `    ${JSON.stringify(row)}`).join(',\n');
  mkdirSync(folder, { recursive: true });
  writeFileSync(
    path.join(folder, `${layer}.json`),
    `{\n  "provider": ${JSON.stringify(provider)},\n  "changes": [\n${lines}\n  ]\n}\n`,
  );
}

/** Whether a row is that of a change. */
export function isOf(row: Row, change: Change): boolean {
  return row.option === change.option && row.base === change.base && key(row) === key(change);
}

function key({ to, with: others = {} }: Pick<Row, 'to' | 'with'>): string {
  return JSON.stringify([to, others]);
}
