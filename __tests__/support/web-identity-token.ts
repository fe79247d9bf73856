/** A token as an identity provider of a CI writes it, with a signature that nobody verifies. */
export function webIdentityTokenOf(claims: object): string {
  return ['{"alg":"RS256"}', JSON.stringify(claims), 'signature']
    .map((part) => Buffer.from(part).toString('base64url'))
    .join('.');
}
