import { Aspects, TerraformResource } from 'cdktf';
import type { Construct } from 'constructs';
import { readRecovery, type RecoveryKey } from '../recovery';

/**
 * Lets the next deploy import what a recovery has found. What is no longer in the configuration is left out: Terraform
 * fails over an `import` block without its resource. One whose resource is in the state has no effect.
 */
export function importRecovered(scope: Construct, key: RecoveryKey): void {
  const ids = new Map(readRecovery(key).map(({ to, id }) => [to, id]));
  if (ids.size === 0) return;
  Aspects.of(scope).add({
    visit: (node) => {
      if (!TerraformResource.isTerraformResource(node)) return;
      const id = ids.get(`${node.terraformResourceType}.${node.friendlyUniqueId}`);
      if (id !== undefined) node.importFrom(id);
    },
  });
}
