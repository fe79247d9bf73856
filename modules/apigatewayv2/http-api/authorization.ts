import { isResolved, type Problems } from '@strata/core';

/**
 * Who may call an API.
 *
 * - `iam`: callers sign their requests (Signature Version 4) and are allowed `execute-api:Invoke`.
 * - `jwt`: callers send a token of the issuer, made for one of the audiences.
 * - `none`: anyone.
 */
export type ApiAuthorization =
  | { readonly type: 'iam' }
  | { readonly type: 'jwt'; readonly issuer: string; readonly audiences: readonly string[] }
  | { readonly type: 'none' };

/** API Gateway reads the issuer's keys from `<issuer>/.well-known/openid-configuration`, over HTTPS only. */
export function checkAuthorization(problems: Problems, authorization: ApiAuthorization): void {
  if (authorization.type !== 'jwt') return;
  const { issuer, audiences } = authorization;
  problems.check(
    !isResolved(issuer) || /^https:\/\/[^/?#\s]+(\/[^?#\s]*)?$/.test(issuer),
    `authorization.issuer: "${issuer}" is not the address of an issuer; write it as the claim "iss" has it, such as ` +
      '"https://cognito-idp.ap-northeast-2.amazonaws.com/ap-northeast-2_EXAMPLE"',
  );
  problems.check(
    !isResolved(audiences) || audiences.length > 0,
    'authorization.audiences: a token is accepted for one of them, and there are none; add the id of the client',
  );
}
