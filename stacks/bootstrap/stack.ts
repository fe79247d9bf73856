import { TerraformOutput } from 'cdktf';
import type { Construct } from 'constructs';
import { parseConfig } from '@strata/core/config';
import { LayerStack, type LayerProps } from '@strata/layer';
import type { S3BackendConfig, StateBackend } from '@strata/state';
import packageJson from '@strata/stack-bootstrap/package.json';
import { StateBucket } from '@strata/s3';
import { Problems } from '@strata/core';
import { bootstrapConfig, type BootstrapConfig, type BootstrapConfigInput } from './config';
import { bootstrapContract } from '@strata/bootstrap-contract';

export const bootstrapStackId = 'bootstrap';

const DEFINITION = { stackId: bootstrapStackId, owner: bootstrapContract.owner, version: packageJson.version } as const;

export interface BootstrapStackProps extends LayerProps {
  /** The layer's configuration; see `bootstrapConfig`. @default a bucket of the name that `state` says */
  readonly config?: BootstrapConfigInput;
}

/**
 * The bootstrap layer: the bucket for the states of all layers, eventually including its own.
 *
 * Its first deployment needs a state elsewhere (`local`), as the bucket does not exist yet; the README explains how to
 * move it.
 */
export class BootstrapStack extends LayerStack {
  readonly stateBucket: StateBucket;

  /**
   * @throws ConfigError naming every mistake in `config`.
   * @throws ValidationError when the environment's state names this bucket, but another region or KMS key.
   */
  constructor(scope: Construct, id: string, props: BootstrapStackProps) {
    super(scope, id, { ...props, layer: DEFINITION });
    const config = parseConfig(bootstrapConfig, props.config ?? {}, { path: id });
    const bucketName =
      config.bucketName ?? bucketOf(props.state) ?? `${this.project}-${this.environment}-terraform-state`;
    this.checkState(props.state, bucketName, config);

    this.stateBucket = new StateBucket(this, 'state-bucket', { ...config, bucketName });
    this.publish(bootstrapContract, {
      bucketName: this.stateBucket.bucketName,
      bucketArn: this.stateBucket.bucketArn,
      bucketRegion: this.region,
      kmsKeyArn: config.kmsKeyArn ?? '',
    });
    const backend: S3BackendConfig = {
      type: 's3',
      bucket: bucketName,
      region: this.region,
      kmsKeyId: config.kmsKeyArn,
    };
    new TerraformOutput(this, 'state_backend', {
      value: JSON.stringify(backend),
      description: 'The state of an environment that lives in the bucket, as cdktf.json says it',
      staticId: true,
    });
  }

  private checkState(state: StateBackend, bucketName: string, config: BootstrapConfig): void {
    if (state.type !== 's3' || state.bucket !== bucketName) return;
    const problems = new Problems(this);
    problems.check(
      state.region === this.region,
      `state.region: "${state.region}" is not the region of the bucket, "${this.region}"; use the region of ` +
        'the environment for both',
    );
    problems.check(
      state.kmsKeyId === undefined || state.kmsKeyId === config.kmsKeyArn,
      config.kmsKeyArn === undefined
        ? `state.kmsKeyId: "${state.kmsKeyId}" is not the key of the bucket, which has none; set kmsKeyArn to ` +
            `the same value, or leave both out`
        : `state.kmsKeyId: "${state.kmsKeyId}" is not the key of the bucket; use "${config.kmsKeyArn}", or ` +
            'leave it out, as the bucket applies its own',
    );
    problems.throwIfAny();
  }
}

function bucketOf(state: StateBackend): string | undefined {
  return state.type === 's3' ? state.bucket : undefined;
}
