/** A state as last written. */
export interface DeployedState {
  /**
   * Project, environment and layer, such as `shop/dev/compute`; in HCP Terraform the workspace, such as
   * `shop-dev-compute`.
   */
  readonly name: string;
  /** A file, an `s3://` address or a workspace. */
  readonly location: string;
  /** Output -> value, without sensitive outputs. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

export interface Inventory {
  readonly states: readonly DeployedState[];
  /** What could not be read, and why. Empty if the inventory is complete. */
  readonly problems: readonly string[];
}

export interface InventoryOptions {
  /**
   * Folder that a local backend's directory is relative to.
   * @default the current folder
   */
  readonly workingDirectory?: string;
  /**
   * Environment variables in which to look for an HCP Terraform token; S3 takes credentials and AWS_ENDPOINT_URL from
   * the process.
   * @default those of the process
   */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /**
   * Use HTTP instead of HTTPS for an HCP Terraform host on this machine, in tests. Any other host is rejected.
   * @default false
   */
  readonly insecureLocalhost?: boolean;
}
