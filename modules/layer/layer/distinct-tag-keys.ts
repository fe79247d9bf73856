import { ValidationError } from '@strata/core';
import { Aspects, TerraformResource, Token } from 'cdktf';
import type { Construct } from 'constructs';

/**
 * Refuses tags of a resource whose keys differ from each other, or from the tags on everything, in case alone: IAM takes
 * them for the same key, and fails half-way through the apply.
 *
 * @param shared keys of the tags on everything
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_tags.html
 */
export function refuseTagKeysThatDifferInCase(scope: Construct, shared: readonly string[]): void {
  Aspects.of(scope).add({
    visit: (node) => {
      if (!TerraformResource.isTerraformResource(node)) return;
      const own = (node as { tagsInput?: unknown }).tagsInput;
      if (typeof own !== 'object' || own === null || Token.isUnresolved(own)) return;
      const pair = sameButForCase([...new Set([...shared, ...Object.keys(own)])]);
      if (pair !== undefined) throw new ValidationError(node, `tags: ${differInCase(pair)}`);
    },
  });
}

export function differInCase([first, second]: readonly [string, string]): string {
  return (
    `"${second}" differs from "${first}" in case alone, which AWS takes for the same key; write "${first}", or use ` +
    'another key'
  );
}

/** The first two keys that are one but for case, in their order. */
export function sameButForCase(keys: readonly string[]): readonly [string, string] | undefined {
  const seen = new Map<string, string>();
  for (const key of keys) {
    const other = seen.get(key.toLowerCase());
    if (other !== undefined) return [other, key];
    seen.set(key.toLowerCase(), key);
  }
  return undefined;
}
