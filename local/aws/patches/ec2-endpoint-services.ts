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
    const named = [...asked].filter(([key]) => /^ServiceName\.\d+$/.test(key)).map(([, name]) => name);
    const names = named.length > 0 ? named : filterValues(asked, 'service-name');
    if (names.length === 0) return forward();
    const question = new URLSearchParams({ Action: 'DescribeAvailabilityZones', Version: '2016-11-15' });
    const zones = await forward({ body: Buffer.from(question.toString()) });
    const items = [...zones.body.toString('utf8').matchAll(/<zoneName>([^<]+)</g)].map(([, zone]) => item(zone!));
    const wanted = filterValues(asked, 'service-type')[0] ?? 'Interface';
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

/** Values of a filter: `Filter.1.Name`, `Filter.1.Value.1`. */
function filterValues(asked: URLSearchParams, filter: string): string[] {
  const name = [...asked].find(([key, value]) => /^Filter\.\d+\.Name$/.test(key) && value === filter)?.[0];
  if (name === undefined) return [];
  return [...asked].filter(([key]) => key.startsWith(name.replace(/Name$/, 'Value.'))).map(([, value]) => value);
}
