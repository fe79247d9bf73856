import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import { isResolved, Problems, checkInteger, checkName } from '@strata/core';
import { Construct } from 'constructs';
import { cidrProblem, isIpv6Cidr } from './cidr';
import { SECURITY_GROUP_NAME, SOURCE_NAME } from './names';

/** Who may open a connection: exactly one of the fields. */
export interface TrafficSource {
  /** Id of a security group; every network interface in it is allowed. */
  readonly securityGroupId?: string;
  /** An IPv4 or IPv6 CIDR block; a token is treated as IPv4. */
  readonly cidr?: string;
  /** Id of a prefix list, such as the one of CloudFront's origin-facing addresses. */
  readonly prefixListId?: string;
}

export interface LoadBalancerSecurityGroupProps {
  /** Name of the group, at most 255 characters. */
  readonly name: string;
  readonly vpcId: string;
  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * The security group of a load balancer: closed in both directions until a source or a target is added. Each source and
 * port is a separate rule with a construct id derived from the source's name, so that adding one never touches another.
 */
export class LoadBalancerSecurityGroup extends Construct {
  readonly resource: SecurityGroup;
  readonly ingressRules: VpcSecurityGroupIngressRule[] = [];
  readonly egressRules: VpcSecurityGroupEgressRule[] = [];

  /** @throws ValidationError when the name is not a valid security group name. */
  constructor(scope: Construct, id: string, props: LoadBalancerSecurityGroupProps) {
    super(scope, id);
    const problems = new Problems(this);
    checkName(problems, 'name', props.name, SECURITY_GROUP_NAME);
    problems.throwIfAny();

    // The provider removes AWS's allow-all egress rule from a new group; only the rule resources below open anything.
    this.resource = new SecurityGroup(this, 'resource', {
      name: props.name,
      description: 'Load balancer',
      vpcId: props.vpcId,
      tags: { ...props.tags, Name: props.name },
      // A group in use cannot be deleted: on replacement, the load balancer moves to the new one first.
      lifecycle: { createBeforeDestroy: true },
    });
  }

  get id(): string {
    return this.resource.id;
  }

  /**
   * Allows a source on the given TCP ports.
   *
   * @param name Name of the source in construct ids and descriptions; unique within this group.
   * @throws ValidationError when the name, the source or a port cannot be used.
   */
  allowFrom(name: string, source: TrafficSource, ports: readonly number[]): void {
    const problems = new Problems(this);
    checkName(problems, 'source', name, SOURCE_NAME);
    const given = [source.securityGroupId, source.cidr, source.prefixListId].filter(
      (value) => value !== undefined,
    ).length;
    problems.check(
      given === 1,
      `source "${name}": ${given} of securityGroupId, cidr and prefixListId are set; set exactly one`,
    );
    if (isResolved(source.cidr)) {
      const problem = cidrProblem(source.cidr);
      problems.check(problem === undefined, `source "${name}": ${problem}`);
    }
    for (const port of ports) {
      checkPort(problems, port);
      problems.check(
        this.node.tryFindChild(ingressId(name, port)) === undefined,
        `source "${name}" is already allowed on port ${port}; add each source once`,
      );
    }
    problems.throwIfAny();

    for (const port of ports) {
      this.ingressRules.push(
        new VpcSecurityGroupIngressRule(this, ingressId(name, port), {
          securityGroupId: this.id,
          description: `TCP ${port} from ${isResolved(source.cidr) ? source.cidr : name}`,
          ipProtocol: 'tcp',
          fromPort: port,
          toPort: port,
          ...peer(source),
        }),
      );
    }
  }

  /**
   * Lets the load balancer connect to the members of a security group over TCP: its targets.
   *
   * @param name Name of the target in the construct id and the description; unique within this group and port.
   * @param port The only port that it reaches. @default every port: when the targets' port changes, those on the old one
   *   stay reachable until those on the new one serve
   */
  allowTo(name: string, securityGroupId: string, port?: number): void {
    const problems = new Problems(this);
    checkName(problems, 'target', name, SOURCE_NAME);
    if (port !== undefined) checkPort(problems, port);
    problems.throwIfAny();
    this.egressRules.push(
      new VpcSecurityGroupEgressRule(this, port === undefined ? `to-${name}` : `to-${name}-${port}`, {
        securityGroupId: this.id,
        description: `TCP${port === undefined ? '' : ` ${port}`} to ${name}`,
        ipProtocol: 'tcp',
        fromPort: port ?? 0,
        toPort: port ?? 65_535,
        referencedSecurityGroupId: securityGroupId,
      }),
    );
  }
}

/** A port is part of a construct id here, so it must be known at synth. */
function checkPort(problems: Problems, port: number): void {
  problems.check(isResolved(port), 'port: the port is known only to Terraform; use a literal number');
  checkInteger(problems, 'port', port, { min: 1, max: 65535 });
}

function ingressId(name: string, port: number): string {
  return `from-${name}-${port}`;
}

function peer(source: TrafficSource): {
  cidrIpv4?: string;
  cidrIpv6?: string;
  prefixListId?: string;
  referencedSecurityGroupId?: string;
} {
  if (source.securityGroupId !== undefined) return { referencedSecurityGroupId: source.securityGroupId };
  if (source.prefixListId !== undefined) return { prefixListId: source.prefixListId };
  const cidr = source.cidr!;
  return isResolved(cidr) && isIpv6Cidr(cidr) ? { cidrIpv6: cidr } : { cidrIpv4: cidr };
}
