// docs/changes/ says of every option of a layer what a change of it does, and docs/changes.md is made from that.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { casesOf } from '../../../scripts/changes/cases';
import { changesDocument } from '../../../scripts/changes/document';
import { LAYERS, layerNames, type Layer } from '../../../scripts/changes/layers';
import { isOf, readResults } from '../../../scripts/changes/results';
import { optionsOf } from '../../../scripts/changes/schema-options';

/** Layers of which some changes are still to be recorded, by `npm run changes -- <layer>`. */
const INCOMPLETE: readonly Layer[] = ['ml', 'ci-cd'];
/** A layer whose changes are still to be written in `scripts/changes/cases`. */
const WITHOUT_CASES: readonly Layer[] = ['jobs'];
const recorded = layerNames.filter((layer) => ![...INCOMPLETE, ...WITHOUT_CASES].includes(layer));

function missingOf(layer: Layer): string[] {
  const rows = readResults(layer)?.changes ?? [];
  return casesOf(layer)
    .changes.filter((change) => !rows.some((row) => isOf(row, change)))
    .map(({ option }) => option);
}

function withoutRow(layer: Layer): string[] {
  const rows = new Set(readResults(layer)?.changes.map(({ option }) => option));
  return optionsOf(LAYERS[layer])
    .map(({ path: option }) => option)
    .filter((option) => !rows.has(option));
}

test.each(recorded)('every option of %s has a row', (layer) => {
  expect(withoutRow(layer)).toEqual([]);
});

test.each(recorded)('every change that is to be tried on %s is recorded with its values', (layer) => {
  expect(missingOf(layer)).toEqual([]);
});

test('a layer that is complete is not left out', () => {
  expect(INCOMPLETE.filter((layer) => missingOf(layer).length + withoutRow(layer).length === 0)).toEqual([]);
  expect(WITHOUT_CASES.filter((layer) => readResults(layer) !== undefined)).toEqual([]);
  for (const layer of WITHOUT_CASES) expect(() => casesOf(layer)).toThrow('add one to changes');
});

test('docs/changes.md is what the rows give; npm run changes -- --document writes it', () => {
  const file = path.resolve(__dirname, '../../../docs/changes.md');
  expect(readFileSync(file, 'utf8')).toBe(changesDocument());
});
