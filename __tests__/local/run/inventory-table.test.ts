import type { Inventory, InventoryReader } from '../../../local/run/inventory';
import { inventoryTable, isEmpty, webAddresses } from '../../../local/run/inventory-table';

const full: Inventory = {
  vpcs: [
    {
      id: 'vpc-1',
      name: 'app-vpc',
      cidrBlock: '10.0.0.0/16',
      natGateways: ['nat-1'],
      subnets: [
        {
          id: 'subnet-2',
          name: 'app-vpc-private-a',
          cidrBlock: '10.0.128.0/20',
          zone: 'ap-northeast-2a',
          isPublic: false,
        },
        { id: 'subnet-1', name: 'app-vpc-public-a', cidrBlock: '10.0.0.0/20', zone: 'ap-northeast-2a', isPublic: true },
      ],
    },
  ],
  repositories: [{ name: 'app-web', uri: '1.dkr.ecr.x/app-web', images: 0 }],
  loadBalancers: [
    { name: 'app-web-alb', scheme: 'internet-facing', addresses: ['https://web.example', 'http://web.example'] },
    { name: 'app-was-alb', scheme: 'internal', addresses: [] },
  ],
  services: [
    {
      cluster: 'AppEcsCluster',
      name: 'app-web-service',
      desired: 2,
      running: 0,
      taskDefinition: 'app-web-td:3',
      images: ['1.dkr.ecr.x/app-web:abc', 'public.ecr/side:1'],
    },
  ],
  buckets: [
    { name: 'strata-dev-ml-dataset-1', isVersioned: true },
    { name: 'logs', isVersioned: false },
  ],
  machineLearning: [
    { kind: 'pipeline', name: 'AppMlPipeline-Train', status: 'Active' },
    { kind: 'Studio domain', name: 'app-sagemaker-studio', status: 'InService' },
  ],
};
const nothing: Inventory = {
  vpcs: [],
  repositories: [],
  loadBalancers: [],
  services: [],
  buckets: [],
  machineLearning: [],
};

const reader = (inventory: Inventory): InventoryReader => ({ read: async () => inventory });

describe('the table of what exists', () => {
  it('shows each kind in aligned columns, public subnets first, images by repository and tag', async () => {
    expect(inventoryTable(await reader(full).read())).toBe(
      [
        'VPCs and subnets',
        '  NAME                       ID        CIDR',
        '  app-vpc                    vpc-1     10.0.0.0/16    1 NAT gateway',
        '    public ap-northeast-2a   subnet-1  10.0.0.0/20    app-vpc-public-a',
        '    private ap-northeast-2a  subnet-2  10.0.128.0/20  app-vpc-private-a',
        '',
        'Container repositories',
        '  NAME     URI                  IMAGES',
        '  app-web  1.dkr.ecr.x/app-web  0',
        '',
        'Load balancers',
        '  NAME         SCHEME           ADDRESS',
        '  app-web-alb  internet-facing  https://web.example, http://web.example',
        '  app-was-alb  internal         no listener',
        '',
        'Services',
        '  NAME             CLUSTER        DESIRED  RUNNING  TASK DEFINITION  IMAGE',
        '  app-web-service  AppEcsCluster  2        0        app-web-td:3     app-web:abc, side:1',
        '',
        'Machine learning',
        '  NAME                  KIND           STATUS',
        '  AppMlPipeline-Train   pipeline       Active',
        '  app-sagemaker-studio  Studio domain  InService',
        '',
        'Buckets',
        '  NAME                     VERSIONS',
        '  strata-dev-ml-dataset-1  kept',
        '  logs                     not kept',
        '',
      ].join('\n'),
    );
  });

  it('says none for what is not there', async () => {
    expect(inventoryTable(await reader(nothing).read())).toBe(
      'VPCs and subnets\n  none\n\nContainer repositories\n  none\n\nLoad balancers\n  none\n\nServices\n  none\n\nMachine learning\n  none\n\nBuckets\n  none\n',
    );
    expect(isEmpty(nothing)).toBe(true);
    expect(isEmpty(full)).toBe(false);
  });

  it('gives the first address of each load balancer that faces the internet', () => {
    expect(webAddresses(full)).toEqual(['https://web.example']);
  });
});
