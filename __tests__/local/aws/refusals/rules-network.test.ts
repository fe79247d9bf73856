import { describeWithMoto, RefusingEmulator, TEST_REGION } from '../../../support/refusing-emulator';

jest.setTimeout(60_000);

/** Each title starts with the rule it is about: rules.test.ts looks for them. */
describeWithMoto('what AWS refuses of networks and load balancers (needs moto_server on PATH)', () => {
  let aws: RefusingEmulator;
  beforeAll(async () => {
    aws = await RefusingEmulator.start('rules');
  }, 60_000);
  afterAll(() => aws?.stop());
  beforeEach(async () => {
    await fetch(`${aws.endpoint}/moto-api/reset`, { method: 'POST' });
  });

  const ec2 = (operation: string, input: object = {}) => aws.call('ec2', operation, input);
  const elb = (operation: string, input: object = {}) => aws.call('elbv2', operation, input);
  const vpc = async (): Promise<string> => (await ec2('CreateVpc', { CidrBlock: '10.0.0.0/16' })).Vpc.VpcId;
  const subnet = async (VpcId: string, third: number, zone = 'a'): Promise<string> =>
    (
      await ec2('CreateSubnet', {
        VpcId,
        CidrBlock: `10.0.${third}.0/24`,
        AvailabilityZone: `${TEST_REGION}${zone}`,
      })
    ).Subnet.SubnetId;
  const group = async (VpcId: string, GroupName: string): Promise<string> =>
    (await ec2('CreateSecurityGroup', { VpcId, GroupName, Description: 'd' })).GroupId;
  const gateway = async (VpcId: string): Promise<string> => {
    const { InternetGatewayId } = (await ec2('CreateInternetGateway')).InternetGateway;
    await ec2('AttachInternetGateway', { VpcId, InternetGatewayId });
    return InternetGatewayId;
  };
  const address = async (): Promise<string> => (await ec2('AllocateAddress', { Domain: 'vpc' })).AllocationId;
  const twoZones = async () => {
    const VpcId = await vpc();
    return { VpcId, subnets: [await subnet(VpcId, 1, 'a'), await subnet(VpcId, 2, 'c')] };
  };
  const balancer = async (Name: string, Subnets: string[], more: object = {}): Promise<string> =>
    (await elb('CreateLoadBalancer', { Name, Subnets, Scheme: 'internal', ...more })).LoadBalancers[0].LoadBalancerArn;
  const targets = async (Name: string, VpcId: string, more: object = {}): Promise<string> =>
    (await elb('CreateTargetGroup', { Name, Protocol: 'HTTP', Port: 80, VpcId, TargetType: 'ip', ...more }))
      .TargetGroups[0].TargetGroupArn;
  const listen = (LoadBalancerArn: string, TargetGroupArn: string, more: object = {}) =>
    elb('CreateListener', {
      LoadBalancerArn,
      Protocol: 'HTTP',
      Port: 80,
      DefaultActions: [{ Type: 'forward', TargetGroupArn }],
      ...more,
    });

  it('ec2-security-group-in-use: by another group, then by a load balancer', async () => {
    const { VpcId, subnets } = await twoZones();
    const [one, other] = [await group(VpcId, 'one'), await group(VpcId, 'other')];
    const rule = {
      GroupId: other,
      IpPermissions: [{ IpProtocol: 'tcp', FromPort: 1, ToPort: 1, UserIdGroupPairs: [{ GroupId: one }] }],
    };
    await ec2('AuthorizeSecurityGroupIngress', rule);
    const remove = () => ec2('DeleteSecurityGroup', { GroupId: one });
    await expect(remove()).rejects.toThrow(`400 DependencyViolation: resource ${one} has a dependent object`);
    await ec2('RevokeSecurityGroupIngress', rule);
    const LoadBalancerArn = await balancer('lb', subnets, { SecurityGroups: [one] });
    await expect(remove()).rejects.toThrow('DependencyViolation');
    await elb('DeleteLoadBalancer', { LoadBalancerArn });
    await remove();
  });

  it('ec2-vpc-in-use: by a security group', async () => {
    const VpcId = await vpc();
    const GroupId = await group(VpcId, 'left');
    await expect(ec2('DeleteVpc', { VpcId })).rejects.toThrow(
      `DependencyViolation: The vpc '${VpcId}' has dependencies`,
    );
    await ec2('DeleteSecurityGroup', { GroupId });
    await ec2('DeleteVpc', { VpcId });
  });

  it('ec2-subnet-in-use: by a load balancer', async () => {
    const { subnets } = await twoZones();
    const LoadBalancerArn = await balancer('lb', subnets);
    const remove = () => ec2('DeleteSubnet', { SubnetId: subnets[0] });
    await expect(remove()).rejects.toThrow(`DependencyViolation: The subnet '${subnets[0]}' has dependencies`);
    await elb('DeleteLoadBalancer', { LoadBalancerArn });
    await remove();
  });

  it('ec2-subnet-size: /29, but /28; moto itself sees overlaps', async () => {
    const VpcId = await vpc();
    await expect(ec2('CreateSubnet', { VpcId, CidrBlock: '10.0.0.0/29' })).rejects.toThrow('400 InvalidSubnet.Range');
    await ec2('CreateSubnet', { VpcId, CidrBlock: '10.0.0.0/28' });
    await expect(ec2('CreateSubnet', { VpcId, CidrBlock: '10.0.0.0/24' })).rejects.toThrow('InvalidSubnet.Conflict');
    await expect(ec2('CreateSubnet', { VpcId, CidrBlock: '10.1.0.0/24' })).rejects.toThrow('InvalidSubnet.Range');
  });

  it('ec2-security-group-rules-quota: 61 rules, but 60', async () => {
    const GroupId = await group(await vpc(), 'many');
    const ranges = Array.from({ length: 61 }, (_, i) => ({ CidrIp: `10.9.${i}.0/24` }));
    const allow = (IpRanges: object[]) =>
      ec2('AuthorizeSecurityGroupIngress', {
        GroupId,
        IpPermissions: [{ IpProtocol: 'tcp', FromPort: 80, ToPort: 80, IpRanges }],
      });
    await expect(allow(ranges)).rejects.toThrow('400 RulesPerSecurityGroupLimitExceeded');
    await allow(ranges.slice(0, 60));
    await expect(allow(ranges.slice(60))).rejects.toThrow('RulesPerSecurityGroupLimitExceeded');
  });

  it('ec2-vpc-endpoint-conflicts: private DNS twice, DNS hostnames off, one zone twice, one route table twice', async () => {
    const VpcId = await vpc();
    const [one, same] = [await subnet(VpcId, 1, 'a'), await subnet(VpcId, 2, 'a')];
    const create = (service: string, more: object) =>
      ec2('CreateVpcEndpoint', { VpcId, ServiceName: `com.amazonaws.${TEST_REGION}.${service}`, ...more });
    const dns = { VpcEndpointType: 'Interface', PrivateDnsEnabled: true, SubnetIds: [one] };
    await expect(create('logs', dns)).rejects.toThrow('Enabling private DNS requires both enableDnsSupport');
    await ec2('ModifyVpcAttribute', { VpcId, EnableDnsHostnames: { Value: true } });
    await create('logs', dns);
    await expect(create('logs', dns)).rejects.toThrow(
      '400 InvalidParameter: private-dns-enabled cannot be set because there is already a conflicting DNS domain for ' +
        `logs.${TEST_REGION}.amazonaws.com in the VPC ${VpcId}`,
    );
    await expect(create('ssm', { ...dns, SubnetIds: [one, same] })).rejects.toThrow('DuplicateSubnetsInSameZone');
    const table = (await ec2('CreateRouteTable', { VpcId })).RouteTable.RouteTableId;
    await create('s3', { RouteTableIds: [table] });
    await expect(create('s3', { RouteTableIds: [table] })).rejects.toThrow('RouteAlreadyExists');
  });

  it('ec2-internet-gateway-needed, ec2-address-in-use and ec2-internet-gateway-in-use: a NAT gateway', async () => {
    const VpcId = await vpc();
    const SubnetId = await subnet(VpcId, 1);
    const AllocationId = await address();
    const nat = () => ec2('CreateNatGateway', { SubnetId, AllocationId });
    await expect(nat()).rejects.toThrow(`Gateway.NotAttached: Network ${VpcId} has no Internet gateway attached`);
    const InternetGatewayId = await gateway(VpcId);
    const { NatGatewayId } = (await nat()).NatGateway;
    await expect(nat()).rejects.toThrow('Resource.AlreadyAssociated');
    await expect(ec2('ReleaseAddress', { AllocationId })).rejects.toThrow('400 InvalidIPAddress.InUse');
    const detach = () => ec2('DetachInternetGateway', { VpcId, InternetGatewayId });
    await expect(detach()).rejects.toThrow('has some mapped public address(es)');
    await ec2('DeleteNatGateway', { NatGatewayId });
    await ec2('ReleaseAddress', { AllocationId });
    await detach();
  });

  it('ec2-quotas: a sixth address', async () => {
    for (let i = 0; i < 5; i += 1) await address();
    await expect(address()).rejects.toThrow('400 AddressLimitExceeded');
  });

  it('elbv2-load-balancer-name: 33 characters, hyphens at an end, internal-', async () => {
    const { subnets } = await twoZones();
    for (const name of ['a'.repeat(33), '-a', 'a-', 'internal-a', 'a_b'])
      await expect(balancer(name, subnets)).rejects.toThrow(`400 ValidationError: Load balancer name '${name}' can`);
    await balancer('a'.repeat(32), subnets);
    await expect(balancer('a'.repeat(32), subnets)).resolves.toBeDefined();
  });

  it('elbv2-load-balancer-subnets: one zone, one zone twice, no internet gateway', async () => {
    const { VpcId, subnets } = await twoZones();
    const same = await subnet(VpcId, 3, 'a');
    await expect(balancer('a', subnets.slice(0, 1))).rejects.toThrow(
      'At least two subnets in two different Availability Zones',
    );
    await expect(balancer('a', [...subnets, same])).rejects.toThrow('multiple subnets in the same Availability Zone');
    await expect(balancer('a', subnets, { Scheme: 'internet-facing' })).rejects.toThrow(
      `400 InvalidSubnet: VPC ${VpcId} has no internet gateway`,
    );
    await gateway(VpcId);
    await balancer('a', subnets, { Scheme: 'internet-facing' });
  });

  it('elbv2-load-balancer-security-groups: of another VPC', async () => {
    const { VpcId, subnets } = await twoZones();
    const [foreign, own] = [await group(await vpc(), 'foreign'), await group(VpcId, 'own')];
    await expect(balancer('a', subnets, { SecurityGroups: [foreign] })).rejects.toThrow('InvalidConfigurationRequest');
    await balancer('a', subnets, { SecurityGroups: [own] });
  });

  it('elbv2-target-group-of-another: load balancer; moto itself sees names and groups in use', async () => {
    const { VpcId, subnets } = await twoZones();
    const [one, other] = [await balancer('one', subnets), await balancer('other', subnets)];
    const TargetGroupArn = await targets('t', VpcId);
    await listen(one, TargetGroupArn);
    await expect(listen(other, TargetGroupArn)).rejects.toThrow(
      `TargetGroupAssociationLimit: The following target groups cannot be associated with more than one load balancer: ${TargetGroupArn}`,
    );
    await listen(one, TargetGroupArn, { Port: 81 });
    await expect(targets('t', VpcId, { Port: 81 })).rejects.toThrow('DuplicateTargetGroupName');
    await expect(targets('-t', VpcId)).rejects.toThrow('400');
    await expect(elb('DeleteTargetGroup', { TargetGroupArn })).rejects.toThrow('ResourceInUse');
  });

  it('elbv2-listener-certificate and acm-certificate-in-use: none, of another region, in use', async () => {
    const { VpcId, subnets } = await twoZones();
    const [lb, group_] = [await balancer('one', subnets), await targets('t', VpcId)];
    const https = (...arns: string[]) =>
      listen(lb, group_, {
        Protocol: 'HTTPS',
        Port: 443,
        ...(arns.length > 0 && { Certificates: arns.map((CertificateArn) => ({ CertificateArn })) }),
      });
    await expect(https()).rejects.toThrow('A certificate must be specified for HTTPS listeners');
    const foreign = 'arn:aws:acm:us-east-1:123456789012:certificate/11111111-1111-1111-1111-111111111111';
    await expect(https(foreign)).rejects.toThrow(`400 CertificateNotFound: Certificate ARN '${foreign}' is not valid`);
    const { CertificateArn } = await aws.call('acm', 'RequestCertificate', {
      DomainName: 'a.example.com',
      ValidationMethod: 'DNS',
    });
    for (let i = 0; i < 100; i += 1) {
      const { Certificate } = await aws.call('acm', 'DescribeCertificate', { CertificateArn });
      if (Certificate.Status === 'ISSUED') break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await https(CertificateArn);
    await expect(aws.call('acm', 'DeleteCertificate', { CertificateArn })).rejects.toThrow('ResourceInUseException');
    await elb('DeleteLoadBalancer', { LoadBalancerArn: lb });
    await aws.call('acm', 'DeleteCertificate', { CertificateArn });
  });

  it('elbv2-health-check-times and elbv2-attribute-values', async () => {
    const VpcId = await vpc();
    const times = (HealthCheckTimeoutSeconds: number) =>
      targets('t', VpcId, { HealthCheckIntervalSeconds: 10, HealthCheckTimeoutSeconds });
    await expect(times(10)).rejects.toThrow('Health check interval must be greater than the timeout');
    const TargetGroupArn = await times(9);
    const delay = (Value: string) =>
      elb('ModifyTargetGroupAttributes', {
        TargetGroupArn,
        Attributes: [{ Key: 'deregistration_delay.timeout_seconds', Value }],
      });
    await expect(delay('3601')).rejects.toThrow("must be between 0 and 3600, not '3601'");
    // moto itself refuses 3600.
    await delay('3599');
  });

  it('wafv2-association: a web ACL of another region, and of CloudFront', async () => {
    const { subnets } = await twoZones();
    const ResourceArn = await balancer('a', subnets);
    const associate = (WebACLArn: string) => aws.call('wafv2', 'AssociateWebACL', { WebACLArn, ResourceArn });
    const id = '11111111-1111-1111-1111-111111111111';
    for (const arn of [
      `us-east-1:123456789012:regional/webacl/a/${id}`,
      `us-east-1:123456789012:global/webacl/a/${id}`,
    ])
      await expect(associate(`arn:aws:wafv2:${arn}`)).rejects.toThrow('400 WAFInvalidParameterException');
    const made = await aws.call('wafv2', 'CreateWebACL', {
      Name: 'a',
      Scope: 'REGIONAL',
      DefaultAction: { Allow: {} },
      VisibilityConfig: { SampledRequestsEnabled: false, CloudWatchMetricsEnabled: false, MetricName: 'a' },
    });
    await associate(made.Summary.ARN);
  });

  it('route53-record-zone: a record of another zone', async () => {
    const zone = await aws.rest('route53', '/2013-04-01/hostedzone', {
      method: 'POST',
      body: '<CreateHostedZoneRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><Name>example.com</Name><CallerReference>1</CallerReference></CreateHostedZoneRequest>',
    });
    const id = /<Id>\/hostedzone\/(\w+)<\/Id>/.exec(zone)![1]!;
    const record = (name: string) =>
      aws.rest('route53', `/2013-04-01/hostedzone/${id}/rrset/`, {
        method: 'POST',
        body:
          '<ChangeResourceRecordSetsRequest xmlns="https://route53.amazonaws.com/doc/2013-04-01/"><ChangeBatch><Changes><Change><Action>CREATE</Action>' +
          `<ResourceRecordSet><Name>${name}</Name><Type>A</Type><TTL>60</TTL><ResourceRecords><ResourceRecord><Value>1.2.3.4</Value></ResourceRecord></ResourceRecords></ResourceRecordSet>` +
          '</Change></Changes></ChangeBatch></ChangeResourceRecordSetsRequest>',
      });
    await expect(record('a.other.com')).rejects.toThrow('is not permitted in zone example.com');
    await record('a.example.com');
  });

  it('rds-subnet-group, rds-identifier and rds-deletion', async () => {
    const { VpcId, subnets } = await twoZones();
    const same = await subnet(VpcId, 3, 'a');
    const rds = (operation: string, input: object) => aws.call('rds', operation, input);
    const subnetGroup = (SubnetIds: string[]) =>
      rds('CreateDBSubnetGroup', { DBSubnetGroupName: 'g', DBSubnetGroupDescription: 'd', SubnetIds });
    await expect(subnetGroup([subnets[0]!, same])).rejects.toThrow('400 DBSubnetGroupDoesNotCoverEnoughAZs');
    await subnetGroup(subnets);
    const create = (DBInstanceIdentifier: string) =>
      rds('CreateDBInstance', {
        DBInstanceIdentifier,
        DBInstanceClass: 'db.t4g.micro',
        Engine: 'postgres',
        AllocatedStorage: 20,
        MasterUsername: 'strata',
        MasterUserPassword: 'password1',
      });
    for (const name of ['1a', 'a--b', 'a-', 'a'.repeat(64)])
      await expect(create(name)).rejects.toThrow('400 InvalidParameterValue: The parameter DBInstanceIdentifier');
    await create('a-b');
    const remove = (more: object) => rds('DeleteDBInstance', { DBInstanceIdentifier: 'a-b', ...more });
    await expect(remove({})).rejects.toThrow('FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot');
    await remove({ SkipFinalSnapshot: true });
  });
});
