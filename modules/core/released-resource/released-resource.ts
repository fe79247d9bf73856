import { TerraformElement } from 'cdktf';
import type { Construct } from 'constructs';

const RELEASED_RESOURCE = Symbol.for('@strata/core.ReleasedResource');

export interface ReleasedResourceProps {
  /** Terraform's type of the resource, such as `aws_ecr_repository`. */
  readonly type: string;
}

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

  private readonly type: string;

  constructor(scope: Construct, id: string, props: ReleasedResourceProps) {
    super(scope, id);
    this.type = props.type;
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
