import {
  SagemakerDomain as SagemakerDomainResource,
  type SagemakerDomainDefaultUserSettings,
} from '@cdktf/provider-aws/lib/sagemaker-domain';
import { SagemakerUserProfile } from '@cdktf/provider-aws/lib/sagemaker-user-profile';
import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import { addProblems, isResolved, Problems, checkInteger, checkName, checkOneOf } from '@strata/core';
import { TerraformStack } from 'cdktf';
import { Construct } from 'constructs';
import {
  STUDIO_AUTH_MODES,
  STUDIO_DEFAULTS,
  STUDIO_IDLE_TIMEOUT_MINUTES,
  STUDIO_NETWORK_ACCESS,
  STUDIO_VOLUME_GIB,
  studioProblems,
} from './domain-rules';
import { DOMAIN_NAME, SECURITY_GROUP_NAME, USER_PROFILE_NAME } from './names';

/** A person, or a group of people who share a home, in Studio. */
export interface StudioUserProfile {
  /** Unique in the domain. Another name makes another profile, with an empty home. */
  readonly name: string;
  /** @default the domain's */
  readonly executionRoleArn?: string;
  /** User of IAM Identity Center; needed where the domain signs in with `SSO`, refused with `IAM`. */
  readonly ssoUserName?: string;
}

export interface SageMakerDomainProps {
  /** At most 63 characters. Another name replaces the domain, and everybody's home. */
  readonly domainName: string;
  /** Another VPC replaces the domain. */
  readonly vpcId: string;
  /** Private subnets, 1 to 16. Other subnets replace the domain. */
  readonly subnetIds: readonly string[];
  /**
   * Role that people work with, where their profile names no other. The domain passes the profile's name on as the
   * source identity: this role, and those of the jobs that it starts, must let SageMaker do `sts:SetSourceIdentity` in
   * their trust policy, as the roles of `@strata/sagemaker` do.
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/monitor-user-access-how-to.html
   */
  readonly executionRoleArn: string;
  /** @default none */
  readonly userProfiles?: readonly StudioUserProfile[];
  /**
   * `IAM`: any principal that may create a presigned URL for the profile. `SSO`: IAM Identity Center. Changing it
   * replaces the domain.
   * @default IAM
   */
  readonly authMode?: 'IAM' | 'SSO';
  /**
   * `VpcOnly`: Studio reaches AWS through the subnets only, that is through a NAT gateway or VPC endpoints.
   * `PublicInternetOnly`: through a network of SageMaker's.
   * @default VpcOnly
   */
  readonly networkAccess?: 'VpcOnly' | 'PublicInternetOnly';
  /** Name of the security group made for Studio. @default the domain's name */
  readonly securityGroupName?: string;
  /** Groups of Studio's applications besides the one made here, at most 4. @default none */
  readonly securityGroupIds?: readonly string[];
  /** Where Studio may connect to over TLS: IPv4 blocks. @default ['0.0.0.0/0'] */
  readonly egressCidrBlocks?: readonly string[];
  /** KMS key of the homes and volumes. Another key replaces the domain. @default AWS's own key */
  readonly kmsKeyArn?: string;
  /**
   * Minutes without use after which an application is stopped, 60 to 525600; `false` lets it run, and cost, until it is
   * stopped manually.
   * @default 60
   */
  readonly idleTimeoutMinutes?: number | false;
  /** Size of a new space's volume in GiB, 5 to 16384. @default 5 */
  readonly spaceVolumeGiB?: number;
  /** Largest volume that people may choose in GiB, 5 to 16384. @default 100 */
  readonly maxSpaceVolumeGiB?: number;
  /** Whether people may use Docker in their spaces. @default false */
  readonly dockerAccess?: boolean;
  /**
   * Whether the home file system outlives the domain. It then keeps its network interfaces, and the subnets cannot be
   * destroyed until the file system is deleted. Has no effect on a domain that exists: Terraform would replace it.
   * @default true
   */
  readonly retainHomeFileSystem?: boolean;
  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * A domain of SageMaker Studio with its user profiles. This resource is stateful: its file system holds everybody's
 * home.
 *
 * An idle domain costs only its storage; idle applications are stopped.
 */
export class SageMakerDomain extends Construct {
  readonly resource: SagemakerDomainResource;
  readonly securityGroup: SecurityGroup;
  readonly ingressRules: VpcSecurityGroupIngressRule[] = [];
  readonly egressRules: VpcSecurityGroupEgressRule[] = [];
  readonly userProfiles: SagemakerUserProfile[] = [];

  /** @throws ValidationError naming every prop that SageMaker would reject. */
  constructor(scope: Construct, id: string, props: SageMakerDomainProps) {
    super(scope, id);
    const securityGroupName = props.securityGroupName ?? props.domainName;
    check(this, props, securityGroupName);
    const tags = props.tags === undefined ? undefined : { ...props.tags };

    this.securityGroup = this.makeSecurityGroup(props, securityGroupName);
    const securityGroups = [this.securityGroup.id, ...(props.securityGroupIds ?? [])];
    this.resource = new SagemakerDomainResource(this, 'resource', {
      domainName: props.domainName,
      authMode: props.authMode ?? STUDIO_DEFAULTS.authMode,
      vpcId: props.vpcId,
      subnetIds: [...props.subnetIds],
      appNetworkAccessType: props.networkAccess ?? STUDIO_DEFAULTS.networkAccess,
      kmsKeyId: props.kmsKeyArn,
      tagPropagation: 'ENABLED',
      defaultUserSettings: { ...defaultUserSettings(props), securityGroups },
      defaultSpaceSettings: { executionRole: props.executionRoleArn, securityGroups },
      domainSettings: {
        // What a job was started by shows in CloudTrail as the person's profile, though people share a role.
        executionRoleIdentityConfig: 'USER_PROFILE_NAME',
        dockerSettings: {
          enableDockerAccess: (props.dockerAccess ?? STUDIO_DEFAULTS.dockerAccess) ? 'ENABLED' : 'DISABLED',
        },
      },
      retentionPolicy: { homeEfsFileSystem: (props.retainHomeFileSystem ?? true) ? 'Retain' : 'Delete' },
      tags,
      // Studio's applications talk to each other and to the home within the group.
      dependsOn: [...this.ingressRules, ...this.egressRules],
      // The provider replaces the domain, and with it everybody's home, where a subnet is added, and where the retention
      // policy is another than in its state, which does not have it after an import.
      lifecycle: { ignoreChanges: ['subnet_ids', 'retention_policy'] },
    });
    this.warnOfOtherRetention(props.retainHomeFileSystem ?? true);
    for (const profile of props.userProfiles ?? []) {
      this.userProfiles.push(
        new SagemakerUserProfile(this, `user-profile-${profile.name}`, {
          domainId: this.resource.id,
          userProfileName: profile.name,
          singleSignOnUserIdentifier: profile.ssoUserName === undefined ? undefined : 'UserName',
          singleSignOnUserValue: profile.ssoUserName,
          userSettings:
            profile.executionRoleArn === undefined ? undefined : { executionRole: profile.executionRoleArn },
          tags,
        }),
      );
    }
  }

  get domainId(): string {
    return this.resource.id;
  }

  get domainArn(): string {
    return this.resource.arn;
  }

  /** Address of Studio's sign-in. */
  get url(): string {
    return this.resource.url;
  }

  /**
   * The retention policy is an argument of `DeleteDomain`, which the provider takes from its state and which no update
   * changes; an imported domain has none, so that AWS retains the file system.
   * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_DeleteDomain.html
   */
  private warnOfOtherRetention(retain: boolean): void {
    const { fqn, friendlyUniqueId } = this.resource;
    const actual = `try(${fqn}.retention_policy[0].home_efs_file_system, "Retain")`;
    TerraformStack.of(this).addOverride(`check.${friendlyUniqueId}_retention`, {
      assert: [
        {
          condition: `\${${actual} == "${retain ? 'Retain' : 'Delete'}"}`,
          error_message:
            `[${this.node.path}] retainHomeFileSystem: ${retain} has no effect on a domain that exists. When the domain is ` +
            `destroyed, its home file system \${${fqn}.home_efs_file_system_id} is ` +
            (retain
              ? 'deleted with it, as it was made so; copy the homes before'
              : 'retained, as it was made so or imported; delete it afterwards with aws efs delete-file-system'),
        },
      ],
    });
  }

  private makeSecurityGroup(props: SageMakerDomainProps, name: string): SecurityGroup {
    const group = new SecurityGroup(this, 'security-group', {
      name,
      description: 'SageMaker Studio',
      vpcId: props.vpcId,
      tags: { ...props.tags, Name: name },
      // A group in use cannot be deleted: on replacement, the domain moves to the new one first.
      lifecycle: { createBeforeDestroy: true },
    });
    // https://docs.aws.amazon.com/sagemaker/latest/dg/studio-updated-and-internet-access.html; SageMaker creates its
    // own groups for the home file system.
    for (const [id, description, fromPort, toPort] of [
      ['applications', 'Between applications of Studio', 8192, 65535],
      ['nfs', 'NFS', 2049, 2049],
    ] as const) {
      const rule = {
        securityGroupId: group.id,
        description,
        ipProtocol: 'tcp',
        fromPort,
        toPort,
        referencedSecurityGroupId: group.id,
      };
      this.ingressRules.push(new VpcSecurityGroupIngressRule(this, `from-${id}`, rule));
      this.egressRules.push(new VpcSecurityGroupEgressRule(this, `to-${id}`, rule));
    }
    for (const [i, cidrIpv4] of (props.egressCidrBlocks ?? ['0.0.0.0/0']).entries()) {
      this.egressRules.push(
        new VpcSecurityGroupEgressRule(this, `to-https-${i}`, {
          securityGroupId: group.id,
          description: 'TLS',
          ipProtocol: 'tcp',
          fromPort: 443,
          toPort: 443,
          cidrIpv4,
        }),
      );
    }
    return group;
  }
}

function defaultUserSettings(props: SageMakerDomainProps): SagemakerDomainDefaultUserSettings {
  const { executionRoleArn: executionRole, idleTimeoutMinutes = STUDIO_DEFAULTS.idleTimeoutMinutes } = props;
  const appLifecycleManagement =
    idleTimeoutMinutes === false
      ? undefined
      : {
          idleSettings: {
            lifecycleManagement: 'ENABLED',
            idleTimeoutInMinutes: idleTimeoutMinutes,
            minIdleTimeoutInMinutes: STUDIO_IDLE_TIMEOUT_MINUTES.min,
            maxIdleTimeoutInMinutes: maxIdle(idleTimeoutMinutes),
          },
        };
  return {
    executionRole,
    studioWebPortal: 'ENABLED',
    defaultLandingUri: 'studio::',
    jupyterLabAppSettings: appLifecycleManagement === undefined ? undefined : { appLifecycleManagement },
    codeEditorAppSettings: appLifecycleManagement === undefined ? undefined : { appLifecycleManagement },
    spaceStorageSettings: {
      defaultEbsStorageSettings: {
        defaultEbsVolumeSizeInGb: props.spaceVolumeGiB ?? STUDIO_DEFAULTS.spaceVolumeGiB,
        maximumEbsVolumeSizeInGb: props.maxSpaceVolumeGiB ?? STUDIO_DEFAULTS.maxSpaceVolumeGiB,
      },
    },
  };
}

/** The longest that people may choose themselves: a working day, or the domain's if that is longer. */
function maxIdle(idleTimeoutMinutes: number): number {
  return isResolved(idleTimeoutMinutes) ? Math.max(480, idleTimeoutMinutes) : STUDIO_IDLE_TIMEOUT_MINUTES.max;
}

function check(scope: Construct, props: SageMakerDomainProps, securityGroupName: string): void {
  const problems = new Problems(scope);
  checkName(problems, 'domainName', props.domainName, DOMAIN_NAME);
  checkName(problems, 'securityGroupName', securityGroupName, SECURITY_GROUP_NAME);
  checkOneOf(problems, 'authMode', props.authMode, STUDIO_AUTH_MODES);
  checkOneOf(problems, 'networkAccess', props.networkAccess, STUDIO_NETWORK_ACCESS);
  if (isResolved(props.subnetIds)) {
    const { length } = props.subnetIds;
    problems.check(
      length >= 1 && length <= 16,
      `subnetIds: ${length} subnets are given; use 1 to 16 private ones, best in two zones`,
    );
  }
  problems.check(
    (props.securityGroupIds?.length ?? 0) <= 4,
    `securityGroupIds: ${props.securityGroupIds?.length} groups and the one made here are more than the 5 ` +
      'that SageMaker takes; merge some',
  );
  props.egressCidrBlocks?.forEach((block, i) => {
    problems.check(
      !isResolved(block) || /^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/.test(block),
      `egressCidrBlocks[${i}]: "${block}" is not an IPv4 block; write one such as 10.0.0.0/16`,
    );
  });
  if (props.idleTimeoutMinutes !== false)
    checkInteger(problems, 'idleTimeoutMinutes', props.idleTimeoutMinutes, {
      ...STUDIO_IDLE_TIMEOUT_MINUTES,
      unit: 'minutes, or false to let applications run',
    });
  const volume = props.spaceVolumeGiB ?? STUDIO_DEFAULTS.spaceVolumeGiB;
  const largest = props.maxSpaceVolumeGiB ?? STUDIO_DEFAULTS.maxSpaceVolumeGiB;
  checkInteger(problems, 'spaceVolumeGiB', volume, { ...STUDIO_VOLUME_GIB, unit: 'GiB' });
  checkInteger(problems, 'maxSpaceVolumeGiB', largest, { ...STUDIO_VOLUME_GIB, unit: 'GiB' });
  props.userProfiles?.forEach(({ name }, i) => {
    checkName(problems, `userProfiles[${i}].name`, name, USER_PROFILE_NAME);
    problems.check(
      isResolved(name),
      `userProfiles[${i}].name: the name is known only to Terraform; use a literal string`,
    );
  });
  addProblems(problems, studioProblems(props, isResolved));
  problems.throwIfAny();
}
