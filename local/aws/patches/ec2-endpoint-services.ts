import type { Patch } from './patch';

/** Services that have interface endpoints, by name. */
export const ec2EndpointServices: Patch = {
  service: 'ec2',
  operations: ['DescribeVpcEndpointServices'],
  missing: 'knows endpoint services of those APIs only that it emulates, and some under other names',
  why: 'the network layer looks up in which zones a service is, and a plan failed with "no matching EC2 VPC Endpoint Service"',
  how: 'answers a question by name with a service of that name in every zone, of the type that is asked for',
  seenIn: '5.2.1',
  matches: (request) => request.service === 'ec2' && request.operation === 'DescribeVpcEndpointServices',
  open: () => async (request, forward) => {
    const asked = new URLSearchParams((await request.body()).toString('utf8'));
    const names = [...asked].filter(([key]) => /^ServiceName\.\d+$/.test(key)).map(([, name]) => name);
    if (names.length === 0) return forward();
    const question = new URLSearchParams({ Action: 'DescribeAvailabilityZones', Version: '2016-11-15' });
    const zones = await forward({ body: Buffer.from(question.toString()) });
    const items = [...zones.body.toString('utf8').matchAll(/<zoneName>([^<]+)</g)].map(([, zone]) => item(zone!));
    const type = [...asked].find(([key, value]) => /\.Name$/.test(key) && value === 'service-type')?.[0];
    const wanted = (type === undefined ? null : asked.get(type.replace(/Name$/, 'Value.1'))) ?? 'Interface';
    const details = names.map((name) =>
      item(
        `<serviceName>${name}</serviceName><serviceId>vpce-svc-0f1e2d3c4b5a69788</serviceId>` +
          `<serviceType>${item(`<serviceType>${wanted}</serviceType>`)}</serviceType>` +
          `<availabilityZoneSet>${items.join('')}</availabilityZoneSet><owner>amazon</owner>` +
          '<vpcEndpointPolicySupported>true</vpcEndpointPolicySupported><acceptanceRequired>false</acceptanceRequired>' +
          '<managesVpcEndpoints>false</managesVpcEndpoints>',
      ),
    );
    const body =
      '<DescribeVpcEndpointServicesResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>1</requestId>' +
      `<serviceNameSet>${names.map(item).join('')}</serviceNameSet>` +
      `<serviceDetailSet>${details.join('')}</serviceDetailSet></DescribeVpcEndpointServicesResponse>`;
    return { status: 200, headers: { 'content-type': 'text/xml' }, body: Buffer.from(body) };
  },
};

function item(content: string): string {
  return `<item>${content}</item>`;
}
