import { TerraformElement } from 'cdktf';
import type { Construct } from 'constructs';

const RELEASED_RESOURCE = Symbol.for('@strata/core.ReleasedResource');

/**
 * What was managed here as a resource with this construct id and is managed elsewhere from now on: Terraform drops it
 * from the state instead of destroying it. It changes nothing where the state has no such resource.
 * @see https://developer.hashicorp.com/terraform/language/block/removed
 */
export class ReleasedResource extends TerraformElement {
  /** Whether `value` is a released resource, from any copy of this package. */
  static isReleasedResource(value: unknown): value is ReleasedResource {
    return typeof value === 'object' && value !== null && RELEASED_RESOURCE in value;
  }

  /** @param type Terraform's type of the resource, such as `aws_ecr_repository` */
  constructor(
    scope: Construct,
    id: string,
    private readonly type: string,
  ) {
    super(scope, id);
    Object.defineProperty(this, RELEASED_RESOURCE, { value: true });
  }

  /** Its address in the state. */
  get address(): string {
    return `${this.type}.${this.friendlyUniqueId}`;
  }

  override toTerraform(): object {
    return { removed: [{ from: this.address, lifecycle: { destroy: false } }] };
  }
}
