import { DataAwsCallerIdentity } from '@cdktf/provider-aws/lib/data-aws-caller-identity';
import { DataAwsPartition } from '@cdktf/provider-aws/lib/data-aws-partition';
import { DataAwsRegion } from '@cdktf/provider-aws/lib/data-aws-region';
import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';

const ID = 'aws-account';

/**
 * Where Terraform runs: account id, region, partition and its DNS suffix, as tokens, for ARNs, host names and policy
 * conditions.
 *
 * One instance per stack, so that three data sources serve any number of constructs. They are read through the stack's
 * default `aws` provider: do not use it for a resource of an aliased provider in another region or account.
 */
export class AwsAccount extends Construct {
  /** Twelve digits. */
  readonly accountId: string;
  /** Such as `ap-northeast-2`. */
  readonly region: string;
  /** Such as `aws`, `aws-cn`, `aws-us-gov` or `aws-eusc`. */
  readonly partition: string;
  /** How host names of the partition's services end: `amazonaws.com`, `amazonaws.com.cn`, `amazonaws.eu`. */
  readonly dnsSuffix: string;

  /** The instance of the stack that contains `scope`; created on the first call. */
  static of(scope: Construct): AwsAccount {
    const stack = TerraformStack.of(scope);
    return (stack.node.tryFindChild(ID) as AwsAccount | undefined) ?? new AwsAccount(stack, ID);
  }

  private constructor(scope: Construct, id: string) {
    super(scope, id);
    this.accountId = new DataAwsCallerIdentity(this, 'identity').accountId;
    // `id` is the region's name in provider 5 and in 6; `name` is deprecated in 6, `region` is missing in 5.
    this.region = new DataAwsRegion(this, 'region').id;
    const partition = new DataAwsPartition(this, 'partition');
    this.partition = partition.partition;
    this.dnsSuffix = partition.dnsSuffix;
  }
}
