import { SecurityGroup } from '@cdktf/provider-aws/lib/security-group';
import { DataAwsVpcEndpointService } from '@cdktf/provider-aws/lib/data-aws-vpc-endpoint-service';
import { VpcEndpoint, type VpcEndpointConfig } from '@cdktf/provider-aws/lib/vpc-endpoint';
import { VpcSecurityGroupIngressRule } from '@cdktf/provider-aws/lib/vpc-security-group-ingress-rule';
import { Fn } from 'cdktf';
import { Construct } from 'constructs';
import { AwsAccount, isResolved, Problems, checkName } from '@strata/core';

/** https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html */
const GATEWAY_SERVICES: readonly string[] = ['dynamodb', 's3', 's3express'];
/** `com.amazonaws.…`, `cn.com.amazonaws.…`, `aws.sagemaker.…`: a name that carries its region already. */
const WHOLE_NAME = /^(aws|([a-z]+\.)*amazonaws)\./;
const HTTPS_PORT = 443;

export interface VpcEndpointsProps {
  /** Start of the endpoints' tags `Name` and of the security group's name; usually the VPC's name. */
  readonly name: string;
  readonly vpcId: string;
  /** IPv4 block of the VPC: who may use the interface endpoints. */
  readonly vpcCidrBlock: string;
  /**
   * Subnets of the interface endpoints; at most one per zone. Charged per endpoint, zone and hour.
   * @default none; needed with `interfaceServices`
   */
  readonly privateSubnetIds?: readonly string[];
  /**
   * Zones of `privateSubnetIds`, in their order. An interface endpoint is then put into the subnets whose zone has the
   * service: AWS refuses it in others.
   * @default none: every zone is taken to have every service
   * @see https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html
   */
  readonly availabilityZones?: readonly string[];
  /**
   * Route tables that gateway endpoints are put into.
   * @default none; needed with `gatewayServices`
   */
  readonly privateRouteTableIds?: readonly string[];
  /**
   * Services with a gateway endpoint, which is free: `s3`, `dynamodb`, `s3express`.
   * @default ['s3']
   */
  readonly gatewayServices?: readonly string[];
  /**
   * Services with an interface endpoint, which is not: `ecr.api`, `logs`, …; or a whole name such as
   * `com.amazonaws.vpce.ap-northeast-2.vpce-svc-0f1e2d3c4b5a69788`. See `requiredEndpoints`.
   * @default none
   */
  readonly interfaceServices?: readonly string[];
  /**
   * Service -> endpoint policy as JSON. It limits what may be done through the endpoint, on top of the caller's own
   * permissions. A policy for `s3` must leave AWS's bucket for ECR layers readable
   * (`arn:aws:s3:::prod-<region>-starport-layer-bucket/*`).
   * @default AWS's: everything that the caller may do
   */
  readonly policies?: Readonly<Record<string, string>>;
  /**
   * AWS region, part of the services' names.
   * @default the provider's
   */
  readonly region?: string;
  /** Tags on everything made here, besides `Name`. */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * Endpoints through which private subnets reach AWS services without NAT or internet. With private DNS, so that the
 * SDKs find them without being told. Interface endpoints share one security group: port 443, from the VPC only.
 *
 * @throws ValidationError naming every invalid prop.
 */
export class VpcEndpoints extends Construct {
  /** Only with interface endpoints. */
  readonly securityGroup?: SecurityGroup;
  /** Service -> its endpoint. */
  readonly gatewayEndpoints: Readonly<Record<string, VpcEndpoint>>;
  /** Service -> its endpoint. */
  readonly interfaceEndpoints: Readonly<Record<string, VpcEndpoint>>;
  /** All services that have an endpoint, sorted. */
  readonly services: string[];

  constructor(scope: Construct, id: string, props: VpcEndpointsProps) {
    super(scope, id);
    const gatewayServices = props.gatewayServices ?? ['s3'];
    const interfaceServices = props.interfaceServices ?? [];
    this.check(props, gatewayServices, interfaceServices);

    const common = (service: string) => ({
      vpcId: props.vpcId,
      serviceName: this.serviceName(service, props.region),
      policy: props.policies?.[service],
      tags: { ...props.tags, Name: `${props.name}-${service}` },
    });
    this.gatewayEndpoints = Object.fromEntries(
      gatewayServices.map((service) => [
        service,
        new VpcEndpoint(this, `gateway-${idOf(service)}`, {
          ...common(service),
          vpcEndpointType: 'Gateway',
          routeTableIds: [...(props.privateRouteTableIds ?? [])],
        }),
      ]),
    );

    const securityGroup = interfaceServices.length > 0 ? this.makeSecurityGroup(props) : undefined;
    this.securityGroup = securityGroup;
    this.interfaceEndpoints = Object.fromEntries(
      interfaceServices.map((service) => [
        service,
        new VpcEndpoint(this, `interface-${idOf(service)}`, {
          ...common(service),
          vpcEndpointType: 'Interface',
          privateDnsEnabled: true,
          ...this.placeInterface(service, props),
          securityGroupIds: [securityGroup!.id],
        }),
      ]),
    );
    this.services = [...gatewayServices, ...interfaceServices].sort();
  }

  private check(
    props: VpcEndpointsProps,
    gatewayServices: readonly string[],
    interfaceServices: readonly string[],
  ): void {
    const problems = new Problems(this);
    // The longest suffix makes the security group's name, which may have 255 characters.
    checkName(problems, 'name', props.name, {
      what: 'VPC name',
      maxLength: 200,
      pattern: /^[A-Za-z0-9][A-Za-z0-9 ._:/()#,@[\]+=&;{}!$*-]*$/,
      allowed: 'what AWS allows in a security group name',
      reservedPrefixes: ['sg-'],
    });
    gatewayServices
      .filter(isResolved)
      .forEach((service) =>
        problems.check(
          GATEWAY_SERVICES.includes(service),
          `gatewayServices: "${service}" has no gateway endpoint; use ${GATEWAY_SERVICES.join(', ')}, or ` +
            'interfaceServices for an interface endpoint',
        ),
      );
    interfaceServices.filter(isResolved).forEach((service) => {
      problems.check(
        !GATEWAY_SERVICES.includes(service),
        `interfaceServices: "${service}" has a gateway endpoint, which is free; use gatewayServices`,
      );
      problems.check(
        /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/.test(service),
        `interfaceServices: "${service}" is not a service name; write it as AWS does behind ` +
          'com.amazonaws.<region>, such as "ecr.api"',
      );
    });
    const all = [...gatewayServices, ...interfaceServices];
    const twice = all.find((service, i) => all.indexOf(service) !== i);
    problems.check(twice === undefined, `interfaceServices: "${twice}" is listed twice; list each service once`);
    problems.check(
      gatewayServices.length === 0 || (props.privateRouteTableIds ?? []).length > 0,
      'privateRouteTableIds: is empty; gateway endpoints need route tables, or gatewayServices: []',
    );
    problems.check(
      interfaceServices.length === 0 || (props.privateSubnetIds ?? []).length > 0,
      'privateSubnetIds: is empty; interface endpoints need subnets, at most one per zone',
    );
    problems.check(
      props.availabilityZones === undefined || props.availabilityZones.length === (props.privateSubnetIds ?? []).length,
      `availabilityZones: ${props.availabilityZones?.length} zones for ${props.privateSubnetIds?.length ?? 0} ` +
        'privateSubnetIds; give the zone of each subnet, in their order',
    );
    for (const service of Object.keys(props.policies ?? {})) {
      problems.check(all.includes(service), `policies: "${service}" has no endpoint here; use ${all.join(', ')}`);
    }
    problems.throwIfAny();
  }

  /** The subnets in whose zones the service is; Terraform looks the zones up. */
  private placeInterface(
    service: string,
    { privateSubnetIds = [], availabilityZones: zones, region }: VpcEndpointsProps,
  ): Pick<VpcEndpointConfig, 'subnetIds' | 'lifecycle'> {
    if (zones === undefined) return { subnetIds: [...privateSubnetIds] };
    const found = new DataAwsVpcEndpointService(this, `service-${idOf(service)}`, {
      serviceName: this.serviceName(service, region),
      serviceType: 'Interface',
    });
    const served = zones.map((zone) => Fn.contains(found.availabilityZones, zone));
    return {
      subnetIds: Fn.compact(privateSubnetIds.map((id, i) => Fn.conditional(served[i], id, ''))),
      lifecycle: {
        precondition: [
          {
            condition: Fn.anytrue(served),
            errorMessage:
              `[${this.node.path}] interfaceServices: "${service}" is in none of the zones of the private subnets ` +
              `(${Fn.join(', ', [...zones])}); AWS has it in ` +
              `\${join(", ", ${found.fqn}.availability_zones)}. Use these zones, or leave the service out`,
          },
        ],
      },
    };
  }

  private serviceName(service: string, region: string | undefined): string {
    if (WHOLE_NAME.test(service)) return service;
    return `com.amazonaws.${region ?? AwsAccount.of(this).region}.${service}`;
  }

  private makeSecurityGroup(props: VpcEndpointsProps): SecurityGroup {
    const name = `${props.name}-endpoints`;
    const group = new SecurityGroup(this, 'security-group', {
      name,
      description: 'HTTPS from the VPC to its interface endpoints',
      vpcId: props.vpcId,
      tags: { ...props.tags, Name: name },
      // A group in use cannot be deleted: on replacement, the endpoints move to the new one first.
      lifecycle: { createBeforeDestroy: true },
    });
    new VpcSecurityGroupIngressRule(this, 'https-from-vpc', {
      securityGroupId: group.id,
      description: 'HTTPS from the VPC',
      cidrIpv4: props.vpcCidrBlock,
      ipProtocol: 'tcp',
      fromPort: HTTPS_PORT,
      toPort: HTTPS_PORT,
    });
    return group;
  }
}

function idOf(service: string): string {
  return service.replaceAll('.', '-');
}
