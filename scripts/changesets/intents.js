// The files in .changeset: which packages change, how much, and what that does to deployed resources.
const { existsSync, readFileSync, readdirSync } = require('node:fs');
const { join } = require('node:path');
const { default: parse } = require('@changesets/parse');

/** What a change may do to resources that are deployed, from harmless to harmful. */
const IMPACTS = ['none', 'in place', 'replaced'];

/** The impact that a text states, or undefined: `Resource impact: in place`, with or without more words behind it. */
function statedImpact(text) {
  const found = /^\s*resource impact:\s*(none|in place|replaced)\b/im.exec(text);
  return found === null ? undefined : found[1].toLowerCase();
}

/** The most harmful of several impacts; `none` where there are none. */
function worstImpact(impacts) {
  return IMPACTS[Math.max(0, ...impacts.map((impact) => IMPACTS.indexOf(impact)))];
}

/**
 * @param {string} root folder of the repository
 * @returns {{ file: string, releases: { name: string, type: string }[], summary: string, impact?: string, error?:
 *   string }[]}
 */
function readIntents(root) {
  const folder = join(root, '.changeset');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.md') && name !== 'README.md')
    .sort()
    .map((name) => {
      const file = `.changeset/${name}`;
      try {
        const { releases, summary } = parse(readFileSync(join(root, file), 'utf8'));
        return { file, releases, summary, impact: statedImpact(summary) };
      } catch (error) {
        return { file, releases: [], summary: '', error: error.message.split('\n', 1)[0] };
      }
    });
}

module.exports = { IMPACTS, readIntents, statedImpact, worstImpact };
