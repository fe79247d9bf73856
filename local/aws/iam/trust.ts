import type { AskAws, Reading } from '../refusals/ask-aws';
import type { AwsCall } from '../refusals/models/read-call';
import type { Refusal } from '../refusals/refusal';
import { nameOf } from '../refusals/rules/lookups';
import type { RoleCaller } from './caller';
import { document } from './role-policies';
import { simulate } from './simulate';

const EVERYTHING = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

/**
 * Whether a role trusts who asks for it by AssumeRole. That a role may ask is held against its own policies, as any
 * other call.
 *
 * @param caller undefined for who may do everything: the account's administrator
 */
export async function trustRefusal(
  call: AwsCall,
  caller: RoleCaller | undefined,
  aws: AskAws,
): Promise<Refusal | undefined> {
  const { RoleArn, ExternalId } = call.input as Reading;
  const account: string = (await aws('sts', 'GetCallerIdentity'))?.Account ?? '';
  // Roles of another account are not here to be asked.
  if (String(RoleArn).split(':')[4] !== account) return undefined;
  const principal = caller?.sessionArn ?? `arn:aws:iam::${account}:user/administrator`;
  const role: Reading | undefined = (await aws('iam', 'GetRole', { RoleName: nameOf(String(RoleArn)) }))?.Role;
  if (role !== undefined && (await trusts(role, principal, caller?.roleArn ?? principal, ExternalId))) return undefined;
  return {
    code: 'AccessDenied',
    status: 403,
    message: `User: ${principal} is not authorized to perform: sts:AssumeRole on resource: ${RoleArn}`,
  };
}

async function trusts(role: Reading, principal: string, principalArn: string, externalId: unknown): Promise<boolean> {
  const [, , , , account = ''] = String(role.Arn).split(':');
  const { result } = await simulate({
    request: {
      principal,
      action: 'sts:AssumeRole',
      resource: { resource: role.Arn, accountId: account },
      contextVariables: {
        'aws:PrincipalArn': principalArn,
        'aws:PrincipalAccount': account,
        ...(externalId !== undefined && { 'sts:ExternalId': String(externalId) }),
      },
    },
    identityPolicies: [{ name: 'caller', policy: EVERYTHING }],
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    resourcePolicy: document(role.AssumeRolePolicyDocument),
  });
  return result === 'Allowed';
}
