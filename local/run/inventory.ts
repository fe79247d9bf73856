/** What exists in an account, as far as the layers make it. */
export interface Inventory {
  readonly vpcs: readonly VpcItem[];
  readonly repositories: readonly RepositoryItem[];
  readonly loadBalancers: readonly LoadBalancerItem[];
  readonly services: readonly ServiceItem[];
  readonly buckets: readonly BucketItem[];
  /** What SageMaker has: Studio domains, pipelines, model package groups, endpoints. */
  readonly machineLearning: readonly MachineLearningItem[];
}

export interface VpcItem {
  readonly id: string;
  readonly name: string;
  readonly cidrBlock: string;
  readonly subnets: readonly SubnetItem[];
  /** NAT gateways that are not deleted. */
  readonly natGateways: readonly string[];
}

export interface SubnetItem {
  readonly id: string;
  readonly name: string;
  readonly cidrBlock: string;
  readonly zone: string;
  /** Whether its route table leads to an internet gateway. */
  readonly isPublic: boolean;
}

export interface RepositoryItem {
  readonly name: string;
  readonly uri: string;
  readonly images: number;
}

export interface LoadBalancerItem {
  readonly name: string;
  readonly scheme: string;
  /** Where a caller reaches it, with protocol and, when it is not the protocol's own, port. */
  readonly addresses: readonly string[];
}

export interface ServiceItem {
  readonly cluster: string;
  readonly name: string;
  readonly desired: number;
  readonly running: number;
  readonly taskDefinition: string;
  /** Image of each container. */
  readonly images: readonly string[];
}

export interface BucketItem {
  readonly name: string;
  /** Whether a changed or deleted object can be had back. */
  readonly isVersioned: boolean;
}

export interface MachineLearningItem {
  readonly kind: 'Studio domain' | 'pipeline' | 'model package group' | 'endpoint';
  readonly name: string;
  readonly status: string;
}

/** Reads an account. */
export interface InventoryReader {
  read(): Promise<Inventory>;
}
