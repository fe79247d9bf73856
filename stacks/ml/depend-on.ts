import { TerraformElement, TerraformResource } from 'cdktf';
import type { IConstruct } from 'constructs';

/**
 * Lets Terraform create the resources of a construct after those of others. Constructs' own `node.addDependency` has no
 * effect in CDKTF.
 */
export function dependOn(dependent: IConstruct, ...dependencies: readonly IConstruct[]): void {
  const addresses = dependencies.flatMap(resourcesOf).map(({ fqn }) => fqn);
  for (const resource of resourcesOf(dependent)) resource.dependsOn = [...(resource.dependsOn ?? []), ...addresses];
}

function resourcesOf(construct: IConstruct): TerraformResource[] {
  return construct.node
    .findAll()
    .filter(TerraformElement.isTerraformElement)
    .filter((element): element is TerraformResource => TerraformResource.isTerraformResource(element));
}
