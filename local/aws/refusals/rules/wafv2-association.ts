import { parseArn } from './lookups';
import type { Rule } from './rule';

export const wafv2Association: Rule = {
  service: 'wafv2',
  operations: ['AssociateWebACL'],
  what: 'a web ACL of another region or of CloudFront, for a regional resource',
  source: 'https://docs.aws.amazon.com/waf/latest/APIReference/API_AssociateWebACL.html',
  check({ input, region }) {
    const acl = parseArn(String(input.WebACLArn));
    if (acl.region !== region || !acl.resource.startsWith('regional/'))
      return {
        code: 'WAFInvalidParameterException',
        message: `Error reason: The ARN isn't valid. A valid ARN begins with arn: and includes other information separated by colons or slashes., field: RESOURCE_ARN, parameter: ${input.WebACLArn}`,
      };
    return undefined;
  },
};
