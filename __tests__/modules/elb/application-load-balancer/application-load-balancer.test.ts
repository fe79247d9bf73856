import { ApplicationLoadBalancer, TargetGroup, type ApplicationLoadBalancerProps } from '@strata/elb';
import { TerraformOutput, TerraformVariable } from 'cdktf';
import type { Construct } from 'constructs';
import { synth } from './synth';

const INGRESS = 'aws_vpc_security_group_ingress_rule';
const base: ApplicationLoadBalancerProps = { name: 'app-web-alb', vpcId: 'vpc-1', subnetIds: ['subnet-1', 'subnet-2'] };
const CERTIFICATE = 'arn:aws:acm:ap-northeast-2:111122223333:certificate/1';
const ZONE = 'Z0123456789';

const withProps = (
  props: Partial<ApplicationLoadBalancerProps>,
  then: (alb: ApplicationLoadBalancer, scope: Construct) => void = () => {},
) => synth((scope) => then(new ApplicationLoadBalancer(scope, 'alb', { ...base, ...props }), scope));

const blueGreen = (props: Partial<ApplicationLoadBalancerProps>) =>
  synth((scope) => {
    const targets = new TargetGroup(scope, 'targets', {
      name: 'app-web-alb-tg',
      vpcId: 'vpc-1',
      port: 8000,
      blueGreen: true,
    });
    new ApplicationLoadBalancer(scope, 'alb', { ...base, targets, ...props });
  });

describe('the load balancer', () => {
  test('is internal, hardened and without logs by default', () => {
    const found = withProps({});
    expect(found.one('aws_lb')).toMatchObject({
      name: 'app-web-alb',
      load_balancer_type: 'application',
      internal: true,
      ip_address_type: 'ipv4',
      subnets: ['subnet-1', 'subnet-2'],
      idle_timeout: 60,
      desync_mitigation_mode: 'defensive',
      drop_invalid_header_fields: true,
      enable_http2: true,
      enable_cross_zone_load_balancing: true,
      enable_deletion_protection: false,
      access_logs: { bucket: '', enabled: false },
      tags: { Name: 'app-web-alb' },
    });
    expect(found.all('aws_s3_bucket')).toEqual([]);
    expect(found.all('aws_route53_record')).toEqual([]);
    expect(found.all('aws_wafv2_web_acl_association')).toEqual([]);
  });

  test('passes every option on', () => {
    expect(
      withProps({
        internetFacing: true,
        ipAddressType: 'dualstack-without-public-ipv4',
        idleTimeoutSeconds: 4000,
        desyncMitigationMode: 'strictest',
        dropInvalidHeaderFields: false,
        http2: false,
        deletionProtection: true,
        tags: { team: 'web' },
      }).one('aws_lb'),
    ).toMatchObject({
      internal: false,
      ip_address_type: 'dualstack-without-public-ipv4',
      idle_timeout: 4000,
      desync_mitigation_mode: 'strictest',
      drop_invalid_header_fields: false,
      enable_http2: false,
      enable_deletion_protection: true,
      tags: { team: 'web', Name: 'app-web-alb' },
    });
  });

  test('associates a web ACL', () => {
    const arn = 'arn:aws:wafv2:ap-northeast-2:111122223333:regional/webacl/a/1';
    expect(withProps({ webAclArn: arn }).one('aws_wafv2_web_acl_association')).toMatchObject({ web_acl_arn: arn });
  });

  test('exists twice in one stack', () => {
    const found = synth((scope) => {
      new ApplicationLoadBalancer(scope, 'web', { ...base, ingressCidrs: ['0.0.0.0/0'], accessLogs: true });
      new ApplicationLoadBalancer(scope, 'was', {
        ...base,
        name: 'app-was-alb',
        ingressCidrs: ['0.0.0.0/0'],
        accessLogs: true,
      });
    });
    expect(found.all('aws_lb')).toHaveLength(2);
    expect(found.all(INGRESS)).toHaveLength(2);
  });
});

describe('the security group', () => {
  test('has a name derived from the load balancer, and is closed', () => {
    const found = withProps({});
    expect(found.one('aws_security_group')).toEqual({
      name: 'app-web-alb-sg',
      description: 'Load balancer',
      vpc_id: 'vpc-1',
      tags: { Name: 'app-web-alb-sg' },
      lifecycle: { create_before_destroy: true },
    });
    expect(found.all(INGRESS)).toEqual([]);
    expect(found.all('aws_vpc_security_group_egress_rule')).toEqual([]);
    expect(withProps({ securityGroupName: 'front' }).one('aws_security_group')).toMatchObject({ name: 'front' });
  });

  test('opens :80 to blocks of both IP versions', () => {
    const rules = withProps({ ipAddressType: 'dualstack', ingressCidrs: ['10.0.0.0/16', '::/0'] }).all(INGRESS);
    expect(rules).toHaveLength(2);
    expect(rules).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          cidr_ipv4: '10.0.0.0/16',
          from_port: 80,
          to_port: 80,
          ip_protocol: 'tcp',
          description: 'TCP 80 from 10.0.0.0/16',
        }),
        expect.objectContaining({ cidr_ipv6: '::/0', from_port: 80, to_port: 80, description: 'TCP 80 from ::/0' }),
      ]),
    );
  });

  test('opens :80 to exactly the named security groups and prefix lists', () => {
    const rules = withProps({
      ingressSecurityGroupIds: { 'app-web': 'sg-web' },
      ingressPrefixListIds: { cloudfront: 'pl-1' },
    }).all(INGRESS);
    expect(rules).toHaveLength(2);
    expect(rules).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ prefix_list_id: 'pl-1', from_port: 80, to_port: 80 }),
        expect.objectContaining({
          referenced_security_group_id: 'sg-web',
          from_port: 80,
          to_port: 80,
          description: 'TCP 80 from app-web',
        }),
      ]),
    );
    for (const rule of rules) expect(Object.keys(rule)).not.toContain('cidr_ipv4');
  });

  test('with a certificate opens both ports to blocks, and :443 only to security groups', () => {
    const rules = withProps({
      certificateArn: CERTIFICATE,
      ingressCidrs: ['0.0.0.0/0'],
      ingressSecurityGroupIds: { batch: 'sg-1' },
    }).all(INGRESS);
    expect(rules.map((rule) => [rule.cidr_ipv4 ?? rule.referenced_security_group_id, rule.from_port]).sort()).toEqual([
      ['0.0.0.0/0', 443],
      ['0.0.0.0/0', 80],
      ['sg-1', 443],
    ]);
  });

  test('keeps the ids of other sources when one is removed', () => {
    const ids = withProps({ ingressCidrs: ['10.0.0.0/16', '10.1.0.0/16', '10.10.0.0/16'] }).ids(INGRESS);
    const fewer = withProps({ ingressCidrs: ['10.1.0.0/16', '10.10.0.0/16'] }).ids(INGRESS);
    expect(new Set(ids).size).toBe(3);
    expect(ids).toEqual(expect.arrayContaining(fewer));
  });

  test('reaches what is added only', () => {
    const found = withProps({}, (alb) => alb.allowTo('tasks', 'sg-tasks', 8000));
    expect(found.one('aws_vpc_security_group_egress_rule')).toMatchObject({
      referenced_security_group_id: 'sg-tasks',
      from_port: 8000,
      to_port: 8000,
      ip_protocol: 'tcp',
      description: 'TCP 8000 to tasks',
    });
  });

  test('lets a block in that is a token, by name', () => {
    const found = withProps({}, (alb, scope) =>
      alb.allowFrom('vpc', { cidr: new TerraformVariable(scope, 'cidr', { type: 'string' }).stringValue }),
    );
    expect(found.one(INGRESS)).toMatchObject({ cidr_ipv4: '${var.cidr}', description: 'TCP 80 from vpc' });
  });

  test('refuses a source that cannot be used', () => {
    withProps({ ingressSecurityGroupIds: { web: 'sg-1' } }, (alb, scope) => {
      expect(() => alb.allowFrom('web', { securityGroupId: 'sg-1' })).toThrow(
        'source "web" is already allowed on port 80; add each source once',
      );
      expect(() => alb.allowFrom('both', { securityGroupId: 'sg-1', cidr: '10.0.0.0/16' })).toThrow(
        'source "both": 2 of securityGroupId, cidr and prefixListId are set; set exactly one',
      );
      expect(() => alb.allowFrom('none', {})).toThrow('source "none": 0 of securityGroupId');
      expect(() => alb.allowFrom('a b', { securityGroupId: 'sg-1' })).toThrow(
        'source: "a b" is not a source name; allowed are letters, digits, dots, hyphens and underscores',
      );
      expect(() => alb.allowFrom('net', { cidr: '10.0.0.1/16' })).toThrow(
        'source "net": "10.0.0.1/16" has host bits set; use 10.0.0.0/16',
      );
      expect(() => alb.allowTo('tasks', 'sg-1', 65536)).toThrow(
        'port: 65536 is out of range; use a whole number from 1 to 65535',
      );
      const port = new TerraformVariable(scope, 'port', { type: 'number' }).numberValue;
      expect(() => alb.allowTo('tasks', 'sg-1', port)).toThrow(
        'port: the port is known only to Terraform; use a literal number',
      );
    });
  });
});

describe('the listeners', () => {
  test('answer 404 without targets', () => {
    expect(withProps({}).one('aws_lb_listener')).toMatchObject({
      port: 80,
      protocol: 'HTTP',
      default_action: [
        {
          type: 'fixed-response',
          fixed_response: { status_code: '404', content_type: 'text/plain', message_body: 'Not found' },
        },
      ],
    });
  });

  test('forward on :80 without a certificate', () => {
    const listener = withProps({ targets: { arn: 'arn:tg' } }).one('aws_lb_listener');
    expect(listener).toMatchObject({
      port: 80,
      protocol: 'HTTP',
      default_action: [{ type: 'forward', target_group_arn: 'arn:tg' }],
    });
    expect(listener).not.toHaveProperty('lifecycle');
  });

  test('serve TLS 1.2 or newer on :443 with a certificate, and redirect :80', () => {
    const found = withProps({ targets: { arn: 'arn:tg' }, certificateArn: CERTIFICATE });
    expect(found.where('aws_lb_listener', 'port', 443)).toMatchObject({
      port: 443,
      protocol: 'HTTPS',
      certificate_arn: CERTIFICATE,
      ssl_policy: 'ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09',
      default_action: [{ type: 'forward', target_group_arn: 'arn:tg' }],
    });
    expect(found.where('aws_lb_listener', 'port', 80)).toMatchObject({
      port: 80,
      protocol: 'HTTP',
      default_action: [{ type: 'redirect', redirect: { protocol: 'HTTPS', port: '443', status_code: 'HTTP_301' } }],
    });
  });

  test('take another TLS policy and further certificates', () => {
    const found = withProps({
      certificateArn: CERTIFICATE,
      tlsPolicy: 'ELBSecurityPolicy-TLS13-1-3-2021-06',
      additionalCertificateArns: { shop: 'arn:aws:acm:x:1:certificate/2' },
    });
    expect(found.where('aws_lb_listener', 'port', 443)).toMatchObject({
      ssl_policy: 'ELBSecurityPolicy-TLS13-1-3-2021-06',
    });
    expect(found.one('aws_lb_listener_certificate')).toMatchObject({
      certificate_arn: 'arn:aws:acm:x:1:certificate/2',
    });
  });

  test('leave the forwarding of a blue/green pair to CodeDeploy', () => {
    const found = blueGreen({ testListenerPort: 9001, testListenerCidrs: ['10.0.0.0/16'] });
    const serving = found.where('aws_lb_listener', 'port', 80);
    const testing = found.where('aws_lb_listener', 'port', 9001);
    expect(serving).toMatchObject({ port: 80, lifecycle: { ignore_changes: ['default_action'] } });
    expect(testing).toMatchObject({ port: 9001, protocol: 'HTTP', lifecycle: { ignore_changes: ['default_action'] } });
    expect(JSON.stringify(serving)).toMatch(/ : aws_lb_target_group\.targets_resource_\w+\.arn\}/);
    expect(JSON.stringify(testing)).toMatch(/\$\{aws_lb_target_group\.targets_green_\w+\.arn\}/);
    // After a swap either forwards to the other's group, which AWS then does not delete before it.
    const pair = [
      expect.stringMatching(/^aws_lb_target_group\.targets_resource_/),
      expect.stringMatching(/^aws_lb_target_group\.targets_green_/),
    ];
    expect([serving!.depends_on, testing!.depends_on]).toEqual([pair, pair]);
    expect(found.one(INGRESS)).toMatchObject({ cidr_ipv4: '10.0.0.0/16', from_port: 9001, to_port: 9001 });
  });

  test('a listener that is added forwards to the group that serves', () => {
    const found = blueGreen({ certificateArn: CERTIFICATE });
    const [blue, green] = ['targets_resource', 'targets_green'].map((id) => `aws_lb_target_group\\.${id}_\\w+`);
    expect(JSON.stringify(found.where('aws_lb_listener', 'port', 443).default_action)).toMatch(
      new RegExp(
        `\\$\\{length\\(${blue}\\.load_balancer_arns\\) == 0 && length\\(${green}\\.load_balancer_arns\\) > 0 ` +
          `\\? ${green}\\.arn : ${blue}\\.arn\\}`,
      ),
    );
    expect(found.where('aws_lb_listener', 'port', 80).depends_on).toEqual([
      expect.stringMatching(/^aws_lb_listener\.\w+_listener-https_/),
    ]);
  });

  test('without its certificate :80 must forward, which Terraform leaves to CodeDeploy', () => {
    const lifecycle = JSON.stringify(blueGreen({}).where('aws_lb_listener', 'port', 80).lifecycle);
    expect(lifecycle).toContain('${self.default_action[0].type == \\"forward\\"}');
    const secure = JSON.stringify(blueGreen({ certificateArn: CERTIFICATE }).all('aws_lb_listener'));
    expect(secure).not.toContain('redirects to HTTPS');
  });

  test.each([
    [80, {}],
    [443, { certificateArn: CERTIFICATE }],
  ])('that serves on :%i must forward to the pair, as Terraform cannot replace what it forwards to', (port, props) => {
    const { lifecycle } = blueGreen(props).where('aws_lb_listener', 'port', port) as { lifecycle: object };
    expect(lifecycle).toMatchObject({
      postcondition: expect.arrayContaining([
        {
          condition: expect.stringContaining(
            'contains(["app-web-alb-tg", "app-web-alb-tg-green"], split("/", arn)[1])',
          ),
          error_message: expect.stringMatching(
            /^\[.*alb\] targets: .* Keep the names of the pair, and protocolVersion/,
          ),
        },
      ]),
    });
    expect(JSON.stringify(withProps({ targets: { arn: 'arn:tg' } }).all('aws_lb_listener'))).not.toContain('postcond');
  });

  test('serve the tests over TLS too, and keep the redirect in Terraform', () => {
    const found = blueGreen({ testListenerPort: 9001, certificateArn: CERTIFICATE });
    expect(found.where('aws_lb_listener', 'port', 443)).toMatchObject({
      lifecycle: { ignore_changes: ['default_action'] },
    });
    expect(found.where('aws_lb_listener', 'port', 80)).not.toHaveProperty('lifecycle');
    expect(found.where('aws_lb_listener', 'port', 9001)).toMatchObject({
      protocol: 'HTTPS',
      certificate_arn: CERTIFICATE,
    });
  });

  test('are all in `listeners`', () => {
    withProps({}, (alb) => expect(alb.listeners).toEqual([alb.listener]));
    withProps({ certificateArn: CERTIFICATE }, (alb) =>
      expect(alb.listeners).toEqual([alb.listener, alb.redirectListener]),
    );
  });
});

describe('the certificate', () => {
  const certificate = { domainName: 'app.example.com', hostedZoneId: ZONE };

  test('is proven by a record, and the listener waits for it', () => {
    const found = withProps({ certificate });
    expect(found.one('aws_acm_certificate')).toMatchObject({
      domain_name: 'app.example.com',
      validation_method: 'DNS',
      lifecycle: { create_before_destroy: true },
      tags: { Name: 'app.example.com' },
    });
    const [id] = found.ids('aws_acm_certificate');
    const option = (attribute: string) =>
      `\${one([for option in aws_acm_certificate.${id}.domain_validation_options : option.${attribute} if option.domain_name == "app.example.com"])}`;
    expect(found.one('aws_route53_record')).toEqual({
      zone_id: ZONE,
      ttl: 60,
      allow_overwrite: true,
      name: option('resource_record_name'),
      type: option('resource_record_type'),
      records: [option('resource_record_value')],
    });
    const [validation] = found.ids('aws_acm_certificate_validation');
    expect(found.where('aws_lb_listener', 'port', 443)).toMatchObject({
      certificate_arn: `\${aws_acm_certificate_validation.${validation}.certificate_arn}`,
    });
  });

  test('shares one record between a domain and its wildcard', () => {
    const found = withProps({
      certificate: {
        ...certificate,
        domainName: '*.example.com',
        subjectAlternativeNames: ['example.com', 'example.org'],
      },
    });
    expect(found.one('aws_acm_certificate')).toMatchObject({
      subject_alternative_names: ['example.com', 'example.org'],
    });
    expect(found.all('aws_route53_record').map((record) => /== "(.*)"/.exec(String(record.name))![1])).toEqual([
      '*.example.com',
      'example.org',
    ]);
    expect(found.one('aws_acm_certificate_validation').validation_record_fqdns as string[]).toHaveLength(2);
  });

  test('refuses what is no domain, and what is known only to Terraform', () => {
    expect(() => withProps({ certificate: { ...certificate, domainName: 'example' } })).toThrow(
      'domainName: "example" is not a domain; use one such as app.example.com or *.example.com',
    );
    expect(() => withProps({ certificate: { ...certificate, subjectAlternativeNames: ['a b.com'] } })).toThrow(
      'subjectAlternativeNames: "a b.com" is not a domain',
    );
    synth((scope) => {
      const domainName = new TerraformVariable(scope, 'domain', { type: 'string' }).stringValue;
      expect(
        () => new ApplicationLoadBalancer(scope, 'alb', { ...base, certificate: { ...certificate, domainName } }),
      ).toThrow(
        'domainName: a domain known only to Terraform cannot be validated; use a literal string, or create the certificate elsewhere and set certificateArn',
      );
    });
  });
});

describe('the address', () => {
  const record = { name: 'app.example.com', hostedZoneId: ZONE };
  const urlOf = (props: Partial<ApplicationLoadBalancerProps>) => {
    const found = withProps(props, (alb, scope) => new TerraformOutput(scope, 'url', { value: alb.url }));
    return JSON.parse(found.json).output.url.value as string;
  };

  test('is the record, then the certificate, then what AWS gave', () => {
    expect(urlOf({})).toMatch(/^http:\/\/\$\{aws_lb\..*\.dns_name\}$/);
    expect(urlOf({ record })).toBe('http://app.example.com');
    expect(urlOf({ record, certificateArn: CERTIFICATE })).toBe('https://app.example.com');
    expect(urlOf({ certificate: { domainName: 'www.example.com', hostedZoneId: ZONE } })).toBe(
      'https://www.example.com',
    );
    expect(urlOf({ certificate: { domainName: '*.example.com', hostedZoneId: ZONE } })).toMatch(
      /^https:\/\/\$\{aws_lb\./,
    );
  });

  test('has an A record, and an AAAA record when dual stack', () => {
    expect(withProps({ record }).one('aws_route53_record')).toMatchObject({
      zone_id: ZONE,
      name: 'app.example.com',
      type: 'A',
      alias: { evaluate_target_health: true },
    });
    expect(
      withProps({ record, ipAddressType: 'dualstack' })
        .all('aws_route53_record')
        .map((found) => found.type),
    ).toEqual(['A', 'AAAA']);
  });
});

describe('access logs', () => {
  test('go to an existing bucket', () => {
    const found = withProps({ accessLogsBucketName: 'logs', accessLogsPrefix: 'web' });
    expect(found.one('aws_lb')).toMatchObject({ access_logs: { bucket: 'logs', prefix: 'web', enabled: true } });
    expect(found.all('aws_s3_bucket')).toEqual([]);
  });

  test('go to a bucket made here: encrypted, never public, TLS only, expiring', () => {
    const found = withProps({ name: 'App-Web', accessLogs: true });
    const [bucket] = found.ids('aws_s3_bucket');
    expect(found.one('aws_s3_bucket')).toMatchObject({ bucket_prefix: 'app-web-logs-', force_destroy: false });
    expect(found.one('aws_s3_bucket_server_side_encryption_configuration')).toMatchObject({
      rule: [{ apply_server_side_encryption_by_default: { sse_algorithm: 'AES256' } }],
    });
    expect(found.one('aws_s3_bucket_public_access_block')).toMatchObject({
      block_public_acls: true,
      block_public_policy: true,
      ignore_public_acls: true,
      restrict_public_buckets: true,
    });
    expect(found.one('aws_s3_bucket_ownership_controls')).toMatchObject({
      rule: { object_ownership: 'BucketOwnerEnforced' },
    });
    expect(found.one('aws_s3_bucket_lifecycle_configuration')).toMatchObject({
      rule: [{ status: 'Enabled', expiration: [{ days: 90 }] }],
    });
    const [policyId] = found.ids('aws_s3_bucket_policy');
    expect(found.one('aws_lb')).toMatchObject({
      access_logs: { bucket: `\${aws_s3_bucket.${bucket}.id}`, enabled: true },
      depends_on: [`aws_s3_bucket_policy.${policyId}`],
    });
    const [deliver, tls] = JSON.parse(String(found.one('aws_s3_bucket_policy').policy)).Statement;
    expect(deliver).toMatchObject({
      Effect: 'Allow',
      Principal: { Service: 'logdelivery.elasticloadbalancing.amazonaws.com' },
      Action: 's3:PutObject',
    });
    expect(deliver.Resource).toMatch(
      /^\$\{aws_s3_bucket\..*\.arn\}\/AWSLogs\/\$\{data\.aws_caller_identity\..*\.account_id\}\/\*$/,
    );
    expect(tls).toMatchObject({
      Effect: 'Deny',
      Principal: '*',
      Action: 's3:*',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    });
  });

  test('take a prefix, days, and leave to be destroyed', () => {
    const found = withProps({
      accessLogs: true,
      accessLogsPrefix: 'web',
      accessLogsExpirationDays: 7,
      accessLogsForceDestroy: true,
    });
    expect(found.one('aws_s3_bucket')).toMatchObject({ force_destroy: true });
    expect(found.one('aws_s3_bucket_lifecycle_configuration')).toMatchObject({ rule: [{ expiration: [{ days: 7 }] }] });
    expect(JSON.parse(String(found.one('aws_s3_bucket_policy').policy)).Statement[0].Resource).toContain(
      '.arn}/web/AWSLogs/',
    );
    expect(found.one('aws_lb')).toMatchObject({ access_logs: { prefix: 'web' } });
  });

  test('fit the longest name into the bucket prefix', () => {
    expect(
      String(withProps({ name: 'a'.repeat(32), accessLogs: true }).one('aws_s3_bucket').bucket_prefix),
    ).toHaveLength(37);
  });
});

test('leaves tokens to Terraform', () => {
  synth((scope) => {
    const text = new TerraformVariable(scope, 'text', { type: 'string' }).stringValue;
    const list = new TerraformVariable(scope, 'list', { type: 'list(string)' }).listValue;
    const number = new TerraformVariable(scope, 'number', { type: 'number' }).numberValue;
    expect(
      () =>
        new ApplicationLoadBalancer(scope, 'alb', {
          name: text,
          vpcId: text,
          subnetIds: list,
          certificateArn: text,
          tlsPolicy: text,
          idleTimeoutSeconds: number,
          accessLogs: true,
          accessLogsPrefix: text,
          accessLogsExpirationDays: number,
          ingressSecurityGroupIds: { web: text },
        }),
    ).not.toThrow();
  });
});

test.each<[string, Partial<ApplicationLoadBalancerProps>, string]>([
  ['a long name', { name: 'a'.repeat(33) }, 'has 33 characters, a load balancer name at most 32; shorten it by 1'],
  [
    'a reserved name',
    { name: 'internal-web' },
    'name: "internal-web" starts with "internal-", which AWS reserves; choose another load balancer name',
  ],
  [
    'a name with an underscore',
    { name: 'app_web' },
    'name: "app_web" is not a load balancer name; allowed are letters, digits and hyphens, not starting or ending with a hyphen',
  ],
  ['a hyphen first', { name: '-web' }, 'name: "-web" is not a load balancer name'],
  [
    'a security group name',
    { securityGroupName: 'sg-web' },
    'name: "sg-web" starts with "sg-", which AWS reserves; choose another security group name',
  ],
  [
    'one subnet',
    { subnetIds: ['subnet-1'] },
    'subnetIds: ["subnet-1"] has 1; use at least two subnets in different zones',
  ],
  ['one subnet twice', { subnetIds: ['subnet-1', 'subnet-1'] }, 'has 1; use at least two subnets'],
  [
    'an address type',
    { ipAddressType: 'ipv6' as 'ipv4' },
    'ipAddressType: "ipv6" is not allowed; use one of ipv4, dualstack, dualstack-without-public-ipv4',
  ],
  [
    'an internal one without public IPv4',
    { ipAddressType: 'dualstack-without-public-ipv4' },
    'ipAddressType: "dualstack-without-public-ipv4" is for internet-facing load balancers; use dualstack or set internetFacing',
  ],
  [
    'a desync mode',
    { desyncMitigationMode: 'off' as 'monitor' },
    'desyncMitigationMode: "off" is not allowed; use one of "defensive", "strictest", "monitor"',
  ],
  [
    'an idle timeout',
    { idleTimeoutSeconds: 0 },
    'idleTimeoutSeconds: 0 is not allowed; use a whole number from 1 to 4000 seconds',
  ],
  [
    'something that is no CIDR block',
    { ingressCidrs: ['10.0.0.0'] },
    'ingressCidrs: "10.0.0.0" is not a CIDR block; use an address and a prefix length, such as 10.0.0.0/16 or 2001:db8::/32',
  ],
  ['a prefix length', { ingressCidrs: ['10.0.0.0/33'] }, '"10.0.0.0/33" is not a CIDR block'],
  [
    'host bits',
    { ingressCidrs: ['192.168.37.5/20'] },
    'ingressCidrs: "192.168.37.5/20" has host bits set; use 192.168.32.0/20',
  ],
  [
    'IPv6 without dual stack',
    { ingressCidrs: ['::/0'] },
    'ingressCidrs: "::/0" is IPv6 and the load balancer has IPv4 only; make it dual stack, or leave the block out',
  ],
  [
    'a block twice',
    { ingressCidrs: ['10.0.0.0/16', '10.0.0.0/16'] },
    'ingressCidrs: ["10.0.0.0/16","10.0.0.0/16"] lists a block twice; list each once',
  ],
  [
    'a source name',
    { ingressSecurityGroupIds: { 'app web': 'sg-1' } },
    'ingressSecurityGroupIds: "app web" is not a source name',
  ],
  [
    'one name for two sources',
    { ingressSecurityGroupIds: { web: 'sg-1' }, ingressPrefixListIds: { web: 'pl-1' } },
    'ingressPrefixListIds: "web" is also a key of ingressSecurityGroupIds; give each source its own name',
  ],
  [
    'two first certificates',
    { certificateArn: CERTIFICATE, certificate: { domainName: 'a.example.com', hostedZoneId: ZONE } },
    'and certificate are both set; keep one, and move the other to additionalCertificateArns',
  ],
  [
    'what is no certificate',
    { certificateArn: 'arn:aws:s3:::bucket' },
    'certificateArn: "arn:aws:s3:::bucket" is not the ARN of a certificate',
  ],
  [
    'further certificates alone',
    { additionalCertificateArns: { shop: CERTIFICATE } },
    'additionalCertificateArns: shop set without a default certificate; set certificateArn or certificate too',
  ],
  [
    'a TLS policy alone',
    { tlsPolicy: 'ELBSecurityPolicy-TLS13-1-3-2021-06' },
    'tlsPolicy: "ELBSecurityPolicy-TLS13-1-3-2021-06" set without a certificate; set certificateArn or certificate, or leave it out',
  ],
  [
    'an old TLS policy',
    { certificateArn: CERTIFICATE, tlsPolicy: 'ELBSecurityPolicy-2016-08' },
    'tlsPolicy: "ELBSecurityPolicy-2016-08" is not allowed; use one that starts with ELBSecurityPolicy-TLS13-1-2- or ELBSecurityPolicy-TLS13-1-3-',
  ],
  [
    'gRPC without TLS',
    { targets: { arn: 'arn:tg', protocolVersion: 'GRPC' } },
    'targets: "GRPC" requires HTTPS; set certificateArn or certificate, or use the protocol version HTTP1 or HTTP2',
  ],
  [
    'a test listener without a pair',
    { testListenerPort: 9001, targets: { arn: 'arn:tg' } },
    'testListenerPort: 9001 set without a green target group; use a TargetGroup with blueGreen as targets',
  ],
  [
    'a test listener on a taken port',
    { testListenerPort: 80, targets: { arn: 'a', greenArn: 'b' } },
    'testListenerPort: 80 is not allowed; another listener uses that port; use a port other than 80',
  ],
  [
    'a test port',
    { testListenerPort: 70000, targets: { arn: 'a', greenArn: 'b' } },
    'testListenerPort: 70000 is not allowed; use a whole number from 1 to 65535',
  ],
  [
    'blocks for no test listener',
    { testListenerCidrs: ['10.0.0.0/16'] },
    'testListenerCidrs: there is no test listener; set testListenerPort too',
  ],
  [
    'two buckets',
    { accessLogs: true, accessLogsBucketName: 'logs' },
    'accessLogsBucketName: accessLogs creates another bucket; leave one of the two out',
  ],
  [
    'a log prefix',
    { accessLogsPrefix: '/web' },
    'accessLogsPrefix: "/web" is not allowed; use a path without a slash at either end and without AWSLogs, or leave it out',
  ],
  [
    'log days',
    { accessLogs: true, accessLogsExpirationDays: 0 },
    'accessLogsExpirationDays: 0 is not allowed; use a whole number from 1 to 3650 days',
  ],
])('refuses %s', (_, props, message) => {
  expect(() => withProps(props)).toThrow(message);
});

test('refuses a block known only to Terraform in the list', () => {
  synth((scope) => {
    const cidr = new TerraformVariable(scope, 'cidr', { type: 'string' }).stringValue;
    expect(() => new ApplicationLoadBalancer(scope, 'alb', { ...base, ingressCidrs: [cidr] })).toThrow(
      'ingressCidrs: a block known only to Terraform needs a name; add it with allowFrom',
    );
  });
});
