import type { IResolvable, TerraformRemoteState } from 'cdktf';
import type { Construct } from 'constructs';

/** Where to find the state of the layer that publishes a contract. */
export interface ContractSource {
  /** Creates the data source that reads the state. */
  readState(scope: Construct, id: string): TerraformRemoteState;
  /** The location in words, such as `s3://bucket/shop/dev/network.tfstate`, for error messages. */
  readonly location: string;
  /** The state file if it is on this machine; a missing file is then reported before it is read. */
  readonly file?: string;
  /**
   * Whether there is a state: known at synth, or as a Terraform condition with the data sources it needs. Missing where
   * only reading the state can tell, as in HCP Terraform; such a contract can be read only if it is deployed.
   */
  exists?(scope: Construct, id: string): boolean | IResolvable;
}

/** Something a reader requires of a contract's outputs. */
export interface ContractRequirement {
  /** Terraform expression over `self.outputs`, such as `self.outputs.ipv6_enabled`. */
  readonly condition: string;
  /** What is wrong if it is false, and what to change; may contain Terraform expressions. */
  readonly message: string;
  /** Outputs that the condition uses. */
  readonly outputs: readonly string[];
}
