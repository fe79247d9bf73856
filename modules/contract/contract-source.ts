import type { IResolvable, TerraformRemoteState } from 'cdktf';
import type { Construct } from 'constructs';

/** Where the state of the layer that publishes a contract is found. */
export interface ContractSource {
  /** Makes the data source that reads the state. */
  readState(scope: Construct, id: string): TerraformRemoteState;
  /** The place in words, such as `s3://bucket/shop/dev/network.tfstate`, for error messages. */
  readonly location: string;
  /** The state's file where it is one on this machine; its absence is then reported before it is read. */
  readonly file?: string;
  /**
   * Whether there is a state: as it is known while synthesizing, or as a Terraform condition, with what it takes to
   * tell. Missing where that cannot be told before the state is read, as in HCP Terraform; such a contract can only be
   * read where it is deployed.
   */
  exists?(scope: Construct, id: string): boolean | IResolvable;
}

/** Something a reader needs of a contract's outputs. */
export interface ContractRequirement {
  /** Terraform expression over `self.outputs`, such as `self.outputs.ipv6_enabled`. */
  readonly condition: string;
  /** What is wrong where it does not hold, and what to change; may hold Terraform expressions. */
  readonly message: string;
  /** Outputs that the condition looks at. */
  readonly outputs: readonly string[];
}
