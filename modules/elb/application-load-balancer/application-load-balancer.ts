import { Lb } from '@cdktf/provider-aws/lib/lb';
import { LbListener, type LbListenerDefaultAction } from '@cdktf/provider-aws/lib/lb-listener';
import { LbListenerCertificate } from '@cdktf/provider-aws/lib/lb-listener-certificate';
import { Route53Record } from '@cdktf/provider-aws/lib/route53-record';
import { Wafv2WebAclAssociation } from '@cdktf/provider-aws/lib/wafv2-web-acl-association';
import { addProblems, checkOptions, isResolved, Problems, checkName, checkOneOf } from '@strata/core';
import { withDefaults } from '@strata/core/rules';
import { Token, type ITerraformDependable } from 'cdktf';
import { Construct } from 'constructs';
import { AccessLogsBucket } from './access-logs-bucket';
import { isIpv6Cidr } from './cidr';
import { DnsValidatedCertificate } from './dns-validated-certificate';
import { loadBalancerOptions, loadBalancerProblems, type LoadBalancerOptions } from './load-balancer-options';
import { LoadBalancerSecurityGroup, type TrafficSource } from './load-balancer-security-group';
import { LOAD_BALANCER_NAME, SOURCE_NAME } from './names';
import type { TargetProtocolVersion } from './target-group-options';

export type IpAddressType = 'ipv4' | 'dualstack' | 'dualstack-without-public-ipv4';

const DEFAULT_TLS_POLICY = 'ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09';

/** What a listener forwards to, such as a `TargetGroup`. */
export interface ListenerTargets {
  readonly arn: string;
  /** The group that serves, for a listener that is added later. @default `arn` */
  readonly servingArn?: string;
  /** The second group of a blue/green pair. If set, CodeDeploy decides which of the two is in service. */
  readonly greenArn?: string;
  /**
   * Both groups of a pair: CodeDeploy may point either listener at either group, and AWS does not delete a group that a
   * listener forwards to.
   */
  readonly pair?: readonly ITerraformDependable[];
  /**
   * Names of both groups of a pair. A plan fails where a listener forwards to a group with another name: Terraform would
   * replace the pair, and AWS refuses to delete the group that is in use (`DeleteTargetGroup`: `ResourceInUse`).
   * @default not checked
   */
  readonly pairNames?: readonly string[];
  /** gRPC requires HTTPS; the load balancer rejects it otherwise. @default not checked */
  readonly protocolVersion?: TargetProtocolVersion;
}

/** A name in a Route 53 zone. */
export interface DnsRecord {
  /** Full name, such as `app.example.com`. */
  readonly name: string;
  readonly hostedZoneId: string;
}

export interface ApplicationLoadBalancerProps extends LoadBalancerOptions {
  /** Name, at most 32 characters, not starting `internal-`. */
  readonly name: string;
  readonly vpcId: string;
  /** Subnets in at least two zones; public ones when `internetFacing`. */
  readonly subnetIds: readonly string[];
  /** Whether it has public addresses. @default false */
  readonly internetFacing?: boolean;
  /** Target group that requests are forwarded to. @default none: every request gets a 404 */
  readonly targets?: ListenerTargets;

  /** Name of its security group. @default `<name>-sg` */
  readonly securityGroupName?: string;
  /**
   * Security groups that may connect, a map of name to id. They reach the serving port only: 443 with a certificate,
   * else 80.
   * @default none
   */
  readonly ingressSecurityGroupIds?: Readonly<Record<string, string>>;

  /** ARN of an issued certificate in the same region. Turns HTTPS on. @default none */
  readonly certificateArn?: string;
  /** A certificate to create here and validate by DNS. Turns HTTPS on. @default none */
  readonly certificate?: {
    readonly domainName: string;
    readonly hostedZoneId: string;
    readonly subjectAlternativeNames?: readonly string[];
  };
  /**
   * Further certificates of the HTTPS listener, selected by the client's SNI host name: a map of name to ARN.
   * @default none
   */
  readonly additionalCertificateArns?: Readonly<Record<string, string>>;
  /**
   * TLS security policy of the HTTPS listener; the minimum version is TLS 1.2.
   * @default 'ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09', AWS's recommendation
   */
  readonly tlsPolicy?: string;
  /** Alias record (A, and AAAA when dual stack) for the load balancer. @default none */
  readonly record?: DnsRecord;

  /** @default 'ipv4' */
  readonly ipAddressType?: IpAddressType;

  /** Tags of the load balancer, its groups, certificate and bucket. @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * An Application Load Balancer with its own security group, closed in both directions by default.
 *
 * Without a certificate it serves HTTP on :80. With one it serves HTTPS on :443, and :80 only redirects there (301).
 */
export class ApplicationLoadBalancer extends Construct {
  readonly resource: Lb;
  readonly securityGroup: LoadBalancerSecurityGroup;
  /** The serving listener: HTTPS with a certificate, else HTTP. */
  readonly listener: LbListener;
  /** The listener on :80 that redirects, with a certificate only. */
  readonly redirectListener?: LbListener;
  readonly testListener?: LbListener;
  readonly certificate?: DnsValidatedCertificate;
  readonly additionalCertificates: LbListenerCertificate[] = [];
  /** The alias records: A, and AAAA when dual stack. */
  readonly records: Route53Record[] = [];
  readonly accessLogsBucket?: AccessLogsBucket;
  readonly webAclAssociation?: Wafv2WebAclAssociation;

  private readonly secure: boolean;
  private readonly host: string | undefined;

  /** @throws ValidationError naming every prop that AWS would reject or that contradicts another. */
  constructor(scope: Construct, id: string, props: ApplicationLoadBalancerProps) {
    super(scope, id);
    this.secure = props.certificateArn !== undefined || props.certificate !== undefined;
    this.validate(props);
    const options = withDefaults(loadBalancerOptions, props);
    this.host = props.record?.name ?? certificateHost(props.certificate?.domainName);
    const dualStack = (props.ipAddressType ?? 'ipv4') !== 'ipv4';

    this.securityGroup = new LoadBalancerSecurityGroup(this, 'security-group', {
      name: props.securityGroupName ?? `${props.name}-sg`,
      vpcId: props.vpcId,
      tags: props.tags,
    });

    if (options.accessLogs) {
      this.accessLogsBucket = new AccessLogsBucket(this, 'access-logs', {
        bucketNamePrefix: logsBucketPrefix(props.name),
        prefix: props.accessLogsPrefix,
        expirationDays: options.accessLogsExpirationDays,
        forceDestroy: options.accessLogsForceDestroy,
        tags: props.tags,
      });
    }
    const logsBucket = this.accessLogsBucket?.bucketName ?? props.accessLogsBucketName;

    this.resource = new Lb(this, 'resource', {
      name: props.name,
      loadBalancerType: 'application',
      internal: !(props.internetFacing ?? false),
      ipAddressType: props.ipAddressType ?? 'ipv4',
      securityGroups: [this.securityGroup.id],
      subnets: [...props.subnetIds],
      idleTimeout: options.idleTimeoutSeconds,
      desyncMitigationMode: options.desyncMitigationMode,
      dropInvalidHeaderFields: options.dropInvalidHeaderFields,
      enableHttp2: options.http2,
      // An Application Load Balancer is always cross-zone; set so that the provider's default of false never shows as a
      // change.
      enableCrossZoneLoadBalancing: true,
      enableDeletionProtection: options.deletionProtection,
      // Written even when off: the provider treats a missing block as "leave unchanged", so logs would stay on.
      accessLogs:
        logsBucket !== undefined
          ? { bucket: logsBucket, prefix: props.accessLogsPrefix, enabled: true }
          : { bucket: '', enabled: false },
      tags: { ...props.tags, Name: props.name },
      dependsOn: this.accessLogsBucket && [this.accessLogsBucket.bucket.policy],
    });

    if (props.certificate !== undefined) {
      this.certificate = new DnsValidatedCertificate(this, 'certificate', { ...props.certificate, tags: props.tags });
    }
    const certificateArn = this.certificate?.arn ?? props.certificateArn;
    const serve = forwardTo(props.targets?.servingArn ?? props.targets?.arn);
    const tls = { certificateArn, sslPolicy: props.tlsPolicy ?? DEFAULT_TLS_POLICY };
    // CodeDeploy swaps the two groups between the listeners; Terraform must not swap them back.
    const blueGreen = props.targets?.greenArn !== undefined;
    const swapped = blueGreen
      ? { lifecycle: { ignoreChanges: ['default_action'] }, dependsOn: props.targets?.pair && [...props.targets.pair] }
      : {};

    if (this.secure) {
      this.listener = this.listen(
        'https',
        { port: 443, protocol: 'HTTPS', ...tls, defaultAction: [serve], ...swapped },
        props.tags,
      );
      this.redirectListener = this.listen(
        'http',
        {
          port: 80,
          protocol: 'HTTP',
          defaultAction: [{ type: 'redirect', redirect: { protocol: 'HTTPS', port: '443', statusCode: 'HTTP_301' } }],
          // A service that gets HTTPS is served on :80 until :443 serves.
          dependsOn: [this.listener],
        },
        props.tags,
      );
    } else {
      this.listener = this.listen(
        'http',
        { port: 80, protocol: 'HTTP', defaultAction: [serve], ...swapped },
        props.tags,
      );
      if (blueGreen) this.requireForwarding(this.listener);
    }
    if (props.targets?.pairNames !== undefined) this.requirePair(this.listener, props.targets.pairNames);
    if (props.testListenerPort !== undefined) {
      this.testListener = this.listen(
        'test',
        {
          port: props.testListenerPort,
          protocol: this.secure ? 'HTTPS' : 'HTTP',
          ...(this.secure ? tls : {}),
          defaultAction: [forwardTo(props.targets?.greenArn)],
          ...swapped,
        },
        props.tags,
      );
    }
    for (const [name, arn] of Object.entries(props.additionalCertificateArns ?? {})) {
      this.additionalCertificates.push(
        new LbListenerCertificate(this, `certificate-${name}`, { listenerArn: this.listener.arn, certificateArn: arn }),
      );
    }

    for (const cidr of props.ingressCidrs ?? []) this.allowFrom(cidrSourceName(cidr), { cidr });
    for (const [name, prefixListId] of Object.entries(props.ingressPrefixListIds ?? {}))
      this.allowFrom(name, { prefixListId });
    for (const [name, securityGroupId] of Object.entries(props.ingressSecurityGroupIds ?? {}))
      this.allowFrom(name, { securityGroupId });
    for (const cidr of options.testListenerCidrs) {
      this.securityGroup.allowFrom(cidrSourceName(cidr), { cidr }, [props.testListenerPort!]);
    }

    if (props.record !== undefined) {
      for (const type of dualStack ? ['A', 'AAAA'] : ['A']) {
        this.records.push(
          new Route53Record(this, `record-${type.toLowerCase()}`, {
            zoneId: props.record.hostedZoneId,
            name: props.record.name,
            type,
            alias: { name: this.resource.dnsName, zoneId: this.resource.zoneId, evaluateTargetHealth: true },
          }),
        );
      }
    }
    if (props.webAclArn !== undefined) {
      this.webAclAssociation = new Wafv2WebAclAssociation(this, 'web-acl', {
        resourceArn: this.resource.arn,
        webAclArn: props.webAclArn,
      });
    }
  }

  get arn(): string {
    return this.resource.arn;
  }

  /** The last part of the ARN, as CloudWatch's dimension `LoadBalancer` has it. */
  get arnSuffix(): string {
    return this.resource.arnSuffix;
  }

  get dnsName(): string {
    return this.resource.dnsName;
  }

  /** Port on which requests are served: 443 with a certificate, else 80. */
  get port(): number {
    return this.secure ? 443 : 80;
  }

  /** Every listener, in the order :443, :80, test. A service that registers targets depends on them. */
  get listeners(): LbListener[] {
    return [this.listener, this.redirectListener, this.testListener].filter((listener) => listener !== undefined);
  }

  /**
   * URL of the load balancer: `https://` with a certificate; the host is the record's name, else the certificate's
   * (unless a wildcard), else AWS's own.
   */
  get url(): string {
    return `${this.secure ? 'https' : 'http'}://${this.host ?? this.resource.dnsName}`;
  }

  /**
   * Allows a source. A security group may reach the serving port only, as its members get the `url`. A CIDR block or
   * prefix list may also reach the redirect, as people may type `http://`.
   *
   * @param name Name of the source in construct ids; unique within this load balancer.
   * @throws ValidationError when the source cannot be used.
   */
  allowFrom(name: string, source: TrafficSource): void {
    this.securityGroup.allowFrom(
      name,
      source,
      source.securityGroupId === undefined && this.secure ? [443, 80] : [this.port],
    );
  }

  /**
   * Lets the load balancer reach its targets, the members of a security group, on one TCP port or on all; see
   * `LoadBalancerSecurityGroup.allowTo`.
   */
  allowTo(name: string, securityGroupId: string, port?: number): void {
    this.securityGroup.allowTo(name, securityGroupId, port);
  }

  private listen(
    id: string,
    config: Omit<ConstructorParameters<typeof LbListener>[2], 'loadBalancerArn'>,
    tags: Readonly<Record<string, string>> | undefined,
  ): LbListener {
    return new LbListener(this, `listener-${id}`, { ...config, loadBalancerArn: this.resource.arn, tags });
  }

  /** Without its certificate :80 has to serve again, and what it does is CodeDeploy's to change. */
  private requireForwarding(listener: LbListener): void {
    requireOf(listener, {
      condition: '${self.default_action[0].type == "forward"}',
      errorMessage:
        `[${this.node.path}] certificateArn: the listener on :80 redirects to HTTPS, and Terraform leaves the listeners ` +
        'of a blue/green pair to CodeDeploy. Set the certificate again; or let the listener forward to the group that ' +
        'serves first: aws elbv2 modify-listener --listener-arn ${self.arn} --default-actions ' +
        'Type=forward,TargetGroupArn=<the target group of the listener on :443>',
    });
  }

  /**
   * A listener that CodeDeploy moves would keep forwarding to the group that Terraform replaces. Canary and linear shifts
   * leave both groups in `forward`, with weights.
   */
  private requirePair(listener: LbListener, names: readonly string[]): void {
    const direct = 'self.default_action[*].target_group_arn';
    const weighted =
      '[for action in self.default_action : [for forward in action.forward : forward.target_group[*].arn]]';
    const list = names.map((name) => JSON.stringify(name)).join(', ');
    requireOf(listener, {
      condition:
        `\${alltrue([for arn in compact(flatten([${direct}, ${weighted}])) : ` +
        `contains([${list}], split("/", arn)[1])])}`,
      errorMessage:
        `[${this.node.path}] targets: the listener forwards to another target group than ${list}, and Terraform leaves ` +
        'the listeners of a blue/green pair to CodeDeploy. Keep the names of the pair, and protocolVersion, which is part ' +
        'of them; for another, add a second service with it, move the callers, and remove this one',
    });
  }

  private validate(props: ApplicationLoadBalancerProps): void {
    const problems = new Problems(this);
    checkName(problems, 'name', props.name, LOAD_BALANCER_NAME);
    if (isResolved(props.subnetIds)) {
      problems.check(
        new Set(props.subnetIds).size >= 2,
        `subnetIds: ${JSON.stringify(props.subnetIds)} has ${new Set(props.subnetIds).size}; use at least two ` +
          `subnets in different zones`,
      );
    }
    checkOneOf(problems, 'ipAddressType', props.ipAddressType, ['ipv4', 'dualstack', 'dualstack-without-public-ipv4']);
    checkOptions(problems, loadBalancerOptions, props);
    addProblems(
      problems,
      loadBalancerProblems(
        props,
        { secure: this.secure, dualStack: (props.ipAddressType ?? 'ipv4') !== 'ipv4' },
        isResolved,
      ),
    );
    problems.check(
      props.ipAddressType !== 'dualstack-without-public-ipv4' || (props.internetFacing ?? false),
      'ipAddressType: "dualstack-without-public-ipv4" is for internet-facing load balancers; use dualstack ' +
        'or set internetFacing',
    );
    this.validateSources(problems, props);
    this.validateTls(problems, props);
    this.validateTestListener(problems, props);
    problems.throwIfAny();
  }

  private validateSources(problems: Problems, props: ApplicationLoadBalancerProps): void {
    for (const key of ['ingressCidrs', 'testListenerCidrs'] as const) {
      problems.check(
        !(props[key] ?? []).some((cidr) => Token.isUnresolved(cidr)),
        `${key}: a block known only to Terraform needs a name; add it with allowFrom`,
      );
    }
    for (const name of Object.keys(props.ingressSecurityGroupIds ?? {}))
      checkName(problems, 'ingressSecurityGroupIds', name, SOURCE_NAME);
    const twice = Object.keys(props.ingressPrefixListIds ?? {}).filter(
      (name) => name in (props.ingressSecurityGroupIds ?? {}),
    );
    for (const name of twice)
      problems.add(
        `ingressPrefixListIds: "${name}" is also a key of ingressSecurityGroupIds; give each source its own name`,
      );
  }

  private validateTls(problems: Problems, props: ApplicationLoadBalancerProps): void {
    problems.check(
      !(props.certificateArn !== undefined && props.certificate !== undefined),
      `certificateArn: "${props.certificateArn}" and certificate are both set; keep one, and move the other to ` +
        `additionalCertificateArns`,
    );
    if (isResolved(props.certificateArn)) {
      problems.check(
        /^arn:[a-z-]+:(acm|iam):/.test(props.certificateArn),
        `certificateArn: "${props.certificateArn}" is not the ARN of a certificate; use one such as ` +
          'arn:aws:acm:ap-northeast-2:111122223333:certificate/…',
      );
    }
    problems.check(
      this.secure || props.targets?.protocolVersion !== 'GRPC',
      'targets: "GRPC" requires HTTPS; set certificateArn or certificate, or use the protocol version HTTP1 or HTTP2',
    );
    const additional = Object.keys(props.additionalCertificateArns ?? {});
    for (const name of additional) checkName(problems, 'additionalCertificateArns', name, SOURCE_NAME);
    problems.check(
      this.secure || additional.length === 0,
      `additionalCertificateArns: ${additional.join(', ')} set without a default certificate; set ` +
        `certificateArn or certificate too`,
    );
    if (props.tlsPolicy !== undefined) {
      problems.check(
        this.secure,
        `tlsPolicy: "${props.tlsPolicy}" set without a certificate; set certificateArn or certificate, or leave it out`,
      );
    }
    if (isResolved(props.tlsPolicy)) {
      problems.check(
        /^ELBSecurityPolicy-TLS13-1-[23]-/.test(props.tlsPolicy),
        `tlsPolicy: "${props.tlsPolicy}" is not allowed; use one that starts with ` +
          'ELBSecurityPolicy-TLS13-1-2- or ELBSecurityPolicy-TLS13-1-3-',
      );
    }
  }

  private validateTestListener(problems: Problems, props: ApplicationLoadBalancerProps): void {
    const port = props.testListenerPort;
    if (port === undefined) return;
    problems.check(isResolved(port), 'testListenerPort: the port is known only to Terraform; use a literal number');
    problems.check(
      props.targets?.greenArn !== undefined,
      `testListenerPort: ${port} set without a green target group; use a TargetGroup with blueGreen as targets`,
    );
  }
}

/** Adds a condition to those that a listener has to meet once it is planned. */
function requireOf(listener: LbListener, condition: { condition: string; errorMessage: string }): void {
  const { postcondition = [], ...others } = listener.lifecycle ?? {};
  listener.lifecycle = { ...others, postcondition: [...postcondition, condition] };
}

function forwardTo(targetGroupArn: string | undefined): LbListenerDefaultAction {
  return targetGroupArn !== undefined
    ? { type: 'forward', targetGroupArn }
    : {
        type: 'fixed-response',
        fixedResponse: { contentType: 'text/plain', statusCode: '404', messageBody: 'Not found' },
      };
}

/** A certificate's domain is usable as a host name unless it is a wildcard. */
function certificateHost(domainName: string | undefined): string | undefined {
  return domainName !== undefined && !domainName.startsWith('*.') ? domainName : undefined;
}

/** S3 allows 37 characters of prefix, lower case; the name may have 32 of either case. */
function logsBucketPrefix(name: string): string {
  return Token.isUnresolved(name) ? 'access-logs-' : `${name.toLowerCase().slice(0, 31)}-logs-`;
}

/** A block as a construct id: without slashes and colons, which have a meaning there. */
function cidrSourceName(cidr: string): string {
  return `${isIpv6Cidr(cidr) ? 'ipv6' : 'ipv4'}-${cidr.replace('/', '-').replaceAll(':', '.')}`;
}
