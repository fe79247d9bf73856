import type { Reading } from '../ask-aws';
import type { Rule } from './rule';

export const route53RecordZone: Rule = {
  service: 'route53',
  operations: ['ChangeResourceRecordSets'],
  what: 'a record whose name is not in its zone',
  source: 'https://docs.aws.amazon.com/Route53/latest/APIReference/API_ChangeResourceRecordSets.html',
  async check({ input }, aws) {
    const zone = await aws('route53', 'GetHostedZone', { Id: String(input.HostedZoneId).replace('/hostedzone/', '') });
    const ending = String(zone?.HostedZone?.Name ?? '')
      .replace(/\.$/, '')
      .toLowerCase();
    for (const { ResourceRecordSet } of (input.ChangeBatch?.Changes ?? []) as Reading[]) {
      const name = String(ResourceRecordSet?.Name ?? '')
        .replace(/\.$/, '')
        .toLowerCase();
      if (ending !== '' && name !== ending && !name.endsWith(`.${ending}`))
        return {
          code: 'InvalidChangeBatch',
          message: `[RRSet with DNS name ${name}. is not permitted in zone ${ending}.]`,
        };
    }
    return undefined;
  },
};
