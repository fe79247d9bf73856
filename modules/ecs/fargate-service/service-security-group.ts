import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { VpcSecurityGroupEgressRule } from '@cdktf/provider-aws/lib/vpc-security-group-egress-rule';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import { isResolved, Problems, checkInteger, checkName } from '@strata/core';
import { Construct } from 'constructs';
import { PEER_NAME, SECURITY_GROUP_NAME } from './names';

/** Where a service may connect to: exactly one of the fields. */
export interface EgressPeer {
  readonly securityGroupId?: string;
  /** IPv4 block. */
  readonly cidrIpv4?: string;
  /** IPv6 block. */
  readonly cidrIpv6?: string;
  /** Prefix list, such as the one of a gateway endpoint. */
  readonly prefixListId?: string;
}

export interface ServiceSecurityGroupProps {
  readonly name: string;
  readonly vpcId: string;
  /** Lets the tasks connect to any address on any port. @default true */
  readonly allowAllEgress?: boolean;
  /** With `allowAllEgress`, opens IPv6 as well. @default false */
  readonly dualStack?: boolean;
  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * The security group of a service's tasks: no ingress until `allowFrom` adds it. Each peer is a separate rule with a
 * construct id derived from the peer's name, so that adding one never touches another.
 */
export class ServiceSecurityGroup extends Construct {
  readonly resource: SecurityGroup;
  readonly ingressRules: VpcSecurityGroupIngressRule[] = [];
  readonly egressRules: VpcSecurityGroupEgressRule[] = [];
  private readonly allowAllEgress: boolean;

  /** @throws ValidationError when the name is not a valid security group name. */
  constructor(scope: Construct, id: string, props: ServiceSecurityGroupProps) {
    super(scope, id);
    const problems = new Problems(this);
    checkName(problems, 'securityGroupName', props.name, SECURITY_GROUP_NAME);
    problems.throwIfAny();

    this.allowAllEgress = props.allowAllEgress ?? true;
    this.resource = new SecurityGroup(this, 'resource', {
      name: props.name,
      description: 'Tasks of an ECS service',
      vpcId: props.vpcId,
      tags: { ...props.tags, Name: props.name },
      // A group in use cannot be deleted: on replacement, the service moves to the new one first.
      lifecycle: { createBeforeDestroy: true },
    });
    if (this.allowAllEgress) {
      this.egressRule('to-anywhere-ipv4', {
        description: 'To anywhere, IPv4',
        ipProtocol: '-1',
        cidrIpv4: '0.0.0.0/0',
      });
      if (props.dualStack ?? false)
        this.egressRule('to-anywhere-ipv6', { description: 'To anywhere, IPv6', ipProtocol: '-1', cidrIpv6: '::/0' });
    }
  }

  get id(): string {
    return this.resource.id;
  }

  /**
   * Lets the members of another security group connect to the tasks over TCP.
   *
   * @param name Name of the source in the construct id and the description; unique within this group and port.
   * @param port The only port that they reach. @default every port: when the container's port changes, tasks on the old
   *   one stay reachable until those on the new one serve
   * @throws ValidationError when the name or the port cannot be used.
   */
  allowFrom(name: string, securityGroupId: string, port?: number): void {
    const id = port === undefined ? `from-${name}` : `from-${name}-${port}`;
    this.checkRule(id, name, port);
    this.ingressRules.push(
      new VpcSecurityGroupIngressRule(this, id, {
        securityGroupId: this.id,
        description: `TCP${port === undefined ? '' : ` ${port}`} from ${name}`,
        ipProtocol: 'tcp',
        fromPort: port ?? 0,
        toPort: port ?? 65_535,
        referencedSecurityGroupId: securityGroupId,
      }),
    );
  }

  /**
   * Lets the tasks connect to a peer on one TCP port. If all egress is open, this adds no rule.
   *
   * @param name Name of the peer in the construct id and the description; unique within this group and port.
   * @throws ValidationError when the name, the peer or the port cannot be used.
   */
  allowTo(name: string, peer: EgressPeer, port: number): void {
    const given = [peer.securityGroupId, peer.cidrIpv4, peer.cidrIpv6, peer.prefixListId].filter(
      (v) => v !== undefined,
    ).length;
    this.checkRule(
      `to-${name}-${port}`,
      name,
      port,
      given === 1
        ? undefined
        : `peer "${name}": ${given} of securityGroupId, cidrIpv4, cidrIpv6 and prefixListId are set; set exactly one`,
    );
    if (this.allowAllEgress) return;
    this.egressRule(`to-${name}-${port}`, {
      description: `TCP ${port} to ${name}`,
      ipProtocol: 'tcp',
      fromPort: port,
      toPort: port,
      referencedSecurityGroupId: peer.securityGroupId,
      cidrIpv4: peer.cidrIpv4,
      cidrIpv6: peer.cidrIpv6,
      prefixListId: peer.prefixListId,
    });
  }

  private egressRule(
    id: string,
    config: Omit<ConstructorParameters<typeof VpcSecurityGroupEgressRule>[2], 'securityGroupId'>,
  ): void {
    this.egressRules.push(new VpcSecurityGroupEgressRule(this, id, { ...config, securityGroupId: this.id }));
  }

  private checkRule(id: string, name: string, port: number | undefined, problem?: string): void {
    const problems = new Problems(this);
    checkName(problems, 'peer', name, PEER_NAME);
    // Both become part of a construct id, so they must be known at synth.
    problems.check(isResolved(name), 'peer: the name is known only to Terraform; use a literal string');
    problems.check(
      port === undefined || isResolved(port),
      'port: the port is known only to Terraform; use a literal number',
    );
    checkInteger(problems, 'port', port, { min: 1, max: 65535 });
    problems.check(
      this.node.tryFindChild(id) === undefined,
      `peer "${name}": ${port === undefined ? 'it' : `port ${port}`} is allowed already; add each peer once`,
    );
    if (problem !== undefined) problems.add(problem);
    problems.throwIfAny();
  }
}
