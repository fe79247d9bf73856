import { SageMakerDomain, type SageMakerDomainProps } from '@strata/sagemaker';
import { TerraformOutput, TerraformVariable, Testing } from 'cdktf';
import { synthResources } from '../../../support/synth-resources';

const base: SageMakerDomainProps = {
  domainName: 'app-sagemaker-studio',
  vpcId: 'vpc-1',
  subnetIds: ['subnet-1', 'subnet-2'],
  executionRoleArn: 'arn:role',
};
const made = (props: Partial<SageMakerDomainProps> = {}) =>
  synthResources((scope) => {
    const domain = new SageMakerDomain(scope, 'studio', { ...base, ...props });
    for (const key of ['domainId', 'domainArn', 'url'] as const)
      new TerraformOutput(scope, key, { value: domain[key] });
  });
const domain = (props: Partial<SageMakerDomainProps> = {}) =>
  made(props).one('aws_sagemaker_domain') as Record<string, Record<string, unknown>>;

test('the default is private, stops what nobody uses, and keeps the homes', () => {
  const idle = {
    app_lifecycle_management: {
      idle_settings: {
        lifecycle_management: 'ENABLED',
        idle_timeout_in_minutes: 60,
        min_idle_timeout_in_minutes: 60,
        max_idle_timeout_in_minutes: 480,
      },
    },
  };
  const group = expect.stringMatching(/^\$\{aws_security_group\..*\.id\}$/) as string;
  const found = made();
  expect(found.types).toEqual([
    'aws_sagemaker_domain',
    'aws_security_group',
    'aws_vpc_security_group_egress_rule',
    'aws_vpc_security_group_ingress_rule',
  ]);
  expect(found.one('aws_sagemaker_domain')).toEqual({
    domain_name: 'app-sagemaker-studio',
    auth_mode: 'IAM',
    vpc_id: 'vpc-1',
    subnet_ids: ['subnet-1', 'subnet-2'],
    lifecycle: { ignore_changes: ['subnet_ids', 'retention_policy'] },
    app_network_access_type: 'VpcOnly',
    tag_propagation: 'ENABLED',
    default_user_settings: {
      execution_role: 'arn:role',
      security_groups: [group],
      studio_web_portal: 'ENABLED',
      default_landing_uri: 'studio::',
      jupyter_lab_app_settings: idle,
      code_editor_app_settings: idle,
      space_storage_settings: {
        default_ebs_storage_settings: { default_ebs_volume_size_in_gb: 5, maximum_ebs_volume_size_in_gb: 100 },
      },
    },
    default_space_settings: { execution_role: 'arn:role', security_groups: [group] },
    domain_settings: {
      execution_role_identity_config: 'USER_PROFILE_NAME',
      docker_settings: { enable_docker_access: 'DISABLED' },
    },
    retention_policy: { home_efs_file_system: 'Retain' },
    depends_on: expect.arrayContaining([
      expect.stringMatching(/^aws_vpc_security_group_ingress_rule\./),
      expect.stringMatching(/^aws_vpc_security_group_egress_rule\./),
    ]),
  });
  expect(found.outputs).toMatchObject({
    domainId: expect.stringMatching(/\.id\}$/),
    domainArn: expect.stringMatching(/\.arn\}$/),
    url: expect.stringMatching(/\.url\}$/),
  });
});

test('its group lets applications talk to each other, and out by TLS', () => {
  const rules = (props: Partial<SageMakerDomainProps>, type: string) =>
    made(props)
      .all(type)
      .map(({ from_port, to_port, cidr_ipv4 }) => [from_port, to_port, cidr_ipv4]);
  expect(rules({}, 'aws_vpc_security_group_ingress_rule')).toEqual([
    [8192, 65535, undefined],
    [2049, 2049, undefined],
  ]);
  expect(rules({}, 'aws_vpc_security_group_egress_rule')).toEqual([
    [8192, 65535, undefined],
    [443, 443, '0.0.0.0/0'],
    [2049, 2049, undefined],
  ]);
  expect(
    rules({ egressCidrBlocks: ['10.0.0.0/16', '10.1.0.0/16'] }, 'aws_vpc_security_group_egress_rule'),
  ).toContainEqual([443, 443, '10.1.0.0/16']);
  expect(made({ securityGroupName: 'mine', tags: { team: 'ml' } }).one('aws_security_group')).toMatchObject({
    name: 'mine',
    vpc_id: 'vpc-1',
    tags: { team: 'ml', Name: 'mine' },
  });
});

test('every option', () => {
  const found = domain({
    authMode: 'SSO',
    networkAccess: 'PublicInternetOnly',
    securityGroupIds: ['sg-9'],
    kmsKeyArn: 'arn:key',
    idleTimeoutMinutes: 600,
    spaceVolumeGiB: 20,
    maxSpaceVolumeGiB: 200,
    dockerAccess: true,
    retainHomeFileSystem: false,
    tags: { team: 'ml' },
  });
  expect(found).toMatchObject({
    auth_mode: 'SSO',
    app_network_access_type: 'PublicInternetOnly',
    kms_key_id: 'arn:key',
    tags: { team: 'ml' },
    retention_policy: { home_efs_file_system: 'Delete' },
    domain_settings: { docker_settings: { enable_docker_access: 'ENABLED' } },
    default_space_settings: { security_groups: [expect.any(String), 'sg-9'] },
    default_user_settings: {
      jupyter_lab_app_settings: {
        app_lifecycle_management: { idle_settings: { idle_timeout_in_minutes: 600, max_idle_timeout_in_minutes: 600 } },
      },
      space_storage_settings: {
        default_ebs_storage_settings: { default_ebs_volume_size_in_gb: 20, maximum_ebs_volume_size_in_gb: 200 },
      },
    },
  });
  expect(domain({ idleTimeoutMinutes: false }).default_user_settings!.jupyter_lab_app_settings).toBeUndefined();
});

test("profiles take the domain's role or one of their own, and a user of IAM Identity Center", () => {
  const found = made({
    userProfiles: [{ name: 'ana' }, { name: 'release', executionRoleArn: 'arn:other' }],
    tags: { team: 'ml' },
  });
  const [ana, release] = found.all('aws_sagemaker_user_profile');
  expect(ana).toEqual({
    domain_id: expect.stringMatching(/^\$\{aws_sagemaker_domain\..*\.id\}$/),
    user_profile_name: 'ana',
    tags: { team: 'ml' },
  });
  expect(release).toMatchObject({ user_settings: { execution_role: 'arn:other' } });
  expect(
    made({ authMode: 'SSO', userProfiles: [{ name: 'ana', ssoUserName: 'ana@x' }] }).one('aws_sagemaker_user_profile'),
  ).toMatchObject({
    single_sign_on_user_identifier: 'UserName',
    single_sign_on_user_value: 'ana@x',
  });
});

test('leaves tokens to Terraform', () => {
  synthResources((scope) => {
    const text = new TerraformVariable(scope, 'text', { type: 'string' }).stringValue;
    const number = new TerraformVariable(scope, 'number', { type: 'number' }).numberValue;
    const list = new TerraformVariable(scope, 'list', { type: 'list(string)' }).listValue as string[];
    expect(
      () =>
        new SageMakerDomain(scope, 'studio', {
          domainName: text,
          vpcId: text,
          subnetIds: list,
          executionRoleArn: text,
          egressCidrBlocks: [text],
          idleTimeoutMinutes: number,
          spaceVolumeGiB: number,
        }),
    ).not.toThrow();
  });
});

test.each<[Partial<SageMakerDomainProps>, string]>([
  [
    { domainName: 'a_b' },
    'domainName: "a_b" is not a domain name; allowed are letters, digits and hyphens, not starting or ending with a hyphen',
  ],
  [{ securityGroupName: 'sg-x' }, 'securityGroupName: "sg-x" starts with "sg-", which AWS reserves'],
  [{ authMode: 'SAML' as never }, 'authMode: "SAML" is not allowed; use one of IAM, SSO'],
  [{ networkAccess: 'Vpc' as never }, 'networkAccess: "Vpc" is not allowed; use one of VpcOnly, PublicInternetOnly'],
  [{ subnetIds: [] }, 'subnetIds: 0 subnets are given; use 1 to 16 private ones, best in two zones'],
  [
    { securityGroupIds: ['1', '2', '3', '4', '5'] },
    'securityGroupIds: 5 groups and the one made here are more than the 5 that SageMaker takes; merge some',
  ],
  [
    { egressCidrBlocks: ['10.0.0.0'] },
    'egressCidrBlocks[0]: "10.0.0.0" is not an IPv4 block; write one such as 10.0.0.0/16',
  ],
  [
    { idleTimeoutMinutes: 59 },
    'idleTimeoutMinutes: 59 is out of range; use a whole number from 60 to 525600 minutes, or false to let applications run',
  ],
  [{ spaceVolumeGiB: 4 }, 'spaceVolumeGiB: 4 is out of range; use a whole number from 5 to 16384 GiB'],
  [
    { spaceVolumeGiB: 20, maxSpaceVolumeGiB: 10 },
    'maxSpaceVolumeGiB: 10 is below spaceVolumeGiB 20; raise it, or lower spaceVolumeGiB',
  ],
  [{ userProfiles: [{ name: 'a b' }] }, 'userProfiles[0].name: "a b" is not a user profile name'],
  [
    { userProfiles: [{ name: 'a' }, { name: 'a' }] },
    'userProfiles[1].name: "a" is used twice; give each profile its own name',
  ],
  [
    { userProfiles: [{ name: 'a', ssoUserName: 'a' }] },
    'userProfiles[0].ssoUserName: has no effect while authMode is "IAM"; leave it out, or use "SSO"',
  ],
  [
    { authMode: 'SSO', userProfiles: [{ name: 'a' }] },
    'userProfiles[0].ssoUserName: is missing; with authMode "SSO" each profile belongs to a user of IAM Identity Center',
  ],
])('refuses %j', (props, message) => {
  expect(() => made(props)).toThrow(message);
});

test('a plan warns where the homes are kept or deleted other than configured, as that is decided when it is made', () => {
  const checkOf = (retainHomeFileSystem: boolean) =>
    Testing.synthScope((scope) => void new SageMakerDomain(scope, 'studio', { ...base, retainHomeFileSystem }));
  expect(checkOf(false)).toMatch(
    /"condition": "\$\{try\(aws_sagemaker_domain\.\w+\.retention_policy\[0\]\.home_efs_file_system, \\"Retain\\"\) == \\"Delete\\"\}"/,
  );
  expect(checkOf(false)).toContain('retainHomeFileSystem: false has no effect on a domain that exists');
  expect(checkOf(true)).toContain('copy the homes before');
});
