// What is synthesized: each environment of cdktf.json as it is, and each variant of __tests__/support/variants over `dev`.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Environment that variants are merged over. */
const BASE = 'dev';

/**
 * @typedef {object} SynthCase
 * @property {string} name environment or variant; no two are the same
 * @property {{ project: string, environment: string, environments: Record<string, object> }} context what the app reads in place of cdktf.json
 * @property {string} [fixtures] value of STRATA_FIXTURES
 * @property {object} [patched] what a variant merges over the environment
 */

/**
 * @param {string} root folder of the repository
 * @returns {SynthCase[]}
 * @throws Error where two variants have one name, or a variant has an unknown key
 */
export function synthCases(root) {
  const { context } = readJson(join(root, 'cdktf.json'));
  const cases = Object.keys(context.environments).map((environment) => ({
    name: environment,
    context: { ...context, environment },
  }));
  const folder = join(root, '__tests__', 'support', 'variants');
  for (const file of readdirSync(folder)
    .filter((entry) => entry.endsWith('.json'))
    .sort()) {
    for (const [name, variant] of Object.entries(readJson(join(folder, file)).variants)) {
      if (cases.some((other) => other.name === name))
        throw new Error(`${file}: "${name}" is already the name of an environment or a variant; choose another`);
      cases.push({ name, ...readVariant(`${file}: ${name}`, variant, context) });
    }
  }
  return cases;
}

function readVariant(where, { project, environment, fixtures, ...rest }, context) {
  const unknown = Object.keys(rest);
  if (unknown.length > 0)
    throw new Error(`${where}: unknown key "${unknown[0]}"; use environment, project or fixtures`);
  if (environment === undefined)
    throw new Error(`${where}: environment is missing; give what is merged over "${BASE}", {} for nothing`);
  return {
    context: {
      project: project ?? context.project,
      environment: BASE,
      environments: { [BASE]: merge(context.environments[BASE], environment) },
    },
    fixtures,
    patched: environment,
  };
}

/** A JSON merge patch (RFC 7396): objects are merged, null removes a key, anything else replaces. */
function merge(target, patch) {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch;
  const merged = typeof target === 'object' && target !== null && !Array.isArray(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete merged[key];
    else merged[key] = merge(merged[key], value);
  }
  return merged;
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}
