import { TerraformElement, TerraformResource } from 'cdktf';
import type { IConstruct } from 'constructs';
import { ReleasedResource } from '@strata/core';

/**
 * Lets every plan fail from whose configuration a protected resource is gone. `prevent_destroy` alone goes with the
 * resource's block: nothing would be in the way of a service that is renamed. So the addresses of all protected
 * resources are instances of one resource, whose own `prevent_destroy` stays. They are written last: what was never
 * made is not protected.
 */
export class DeletionProtection extends TerraformElement {
  override toTerraform(): object {
    const nodes = this.cdktfStack.node.findAll();
    const existing = nodes.filter(isProtected).map((node) => `${node.terraformResourceType}.${node.friendlyUniqueId}`);
    const released = nodes.filter((node) => ReleasedResource.isReleasedResource(node)).map(({ address }) => address);
    return {
      resource: {
        terraform_data: {
          deletion_protection: {
            for_each: `\${toset(${JSON.stringify([...existing, ...released].sort())})}`,
            depends_on: existing,
            lifecycle: { prevent_destroy: true },
          },
        },
      },
    };
  }
}

function isProtected(node: IConstruct): node is TerraformResource {
  return TerraformResource.isTerraformResource(node) && node.lifecycle?.preventDestroy === true;
}
