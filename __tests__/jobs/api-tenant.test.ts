import { tenantOf } from '../../jobs/api/http/tenant-of';

const event = (authorizer: object) => ({ routeKey: 'GET /jobs', requestContext: { authorizer } });
const iam = { from: 'iam' as const, roles: { 'arn:aws:iam::1:role/apps/web': 'red' }, webCallers: [] };
const assumed = (role: string, account = '1') =>
  event({ iam: { userArn: `arn:aws:sts::${account}:assumed-role/${role}/s` } });

describe('the tenant of a request', () => {
  it('is the claim of its token', () => {
    const jwt = { from: 'jwt', claim: 'org' } as const;
    expect(tenantOf(event({ jwt: { claims: { org: 'red' } } }), jwt)).toBe('red');
    for (const claims of [{}, { org: '' }, { org: 7 }])
      expect(() => tenantOf(event({ jwt: { claims } }), jwt)).toThrow('the token has no claim "org"');
  });

  it("is its role's, whose path IAM leaves out of the session", () => {
    expect(tenantOf(assumed('web'), iam)).toBe('red');
    for (const other of [assumed('web', '2'), assumed('eb'), assumed('apps'), event({})])
      expect(() => tenantOf(other, iam)).toThrow('belongs to no tenant');
  });

  it('is "web" for a role that calls for people of a page, unless it has a tenant', () => {
    const webCallers = ['arn:aws:iam::1:role/ecsWasTaskRole', 'arn:aws:iam::1:role/web'];
    expect(tenantOf(assumed('ecsWasTaskRole'), { ...iam, webCallers })).toBe('web');
    expect(tenantOf(assumed('web'), { ...iam, webCallers })).toBe('red');
    expect(() => tenantOf(assumed('ecsWasTaskRole', '2'), { ...iam, webCallers })).toThrow('belongs to no tenant');
  });

  it('is the one that all share where nobody is asked', () => {
    expect(tenantOf(event({}), { from: 'none' })).toBe('web');
  });
});
