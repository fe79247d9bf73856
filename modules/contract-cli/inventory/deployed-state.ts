/** A state as it was last written. */
export interface DeployedState {
  /**
   * Project, environment and layer, such as `shop/dev/compute`; in HCP Terraform the workspace, such as
   * `shop-dev-compute`.
   */
  readonly name: string;
  /** A file, an `s3://` address or a workspace. */
  readonly location: string;
  /** Output -> value, without those that are sensitive. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

export interface Inventory {
  readonly states: readonly DeployedState[];
  /** What could not be read, and why. Empty where the inventory is complete. */
  readonly problems: readonly string[];
}

export interface InventoryOptions {
  /**
   * Folder that a local backend's directory is relative to.
   * @default the current folder
   */
  readonly workingDirectory?: string;
  /**
   * Variables to find an HCP Terraform token in; S3 takes its credentials and AWS_ENDPOINT_URL from the process.
   * @default the process's own
   */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /**
   * Speak HTTP instead of HTTPS with an HCP Terraform host on this machine, for tests. Any other host is refused.
   * @default false
   */
  readonly insecureLocalhost?: boolean;
}
