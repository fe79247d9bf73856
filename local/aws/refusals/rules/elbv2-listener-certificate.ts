import type { Reading } from '../ask-aws';
import { parseArn } from './lookups';
import type { Rule } from './rule';

export const elbv2ListenerCertificate: Rule = {
  service: 'elbv2',
  operations: ['CreateListener', 'ModifyListener', 'AddListenerCertificates'],
  what: 'an HTTPS listener without a certificate, or with one of another region, one that does not exist or is not issued',
  source: 'https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_CreateListener.html',
  async check({ input, operation, region }, aws) {
    const certificates: Reading[] = input.Certificates ?? [];
    if (operation === 'CreateListener' && ['HTTPS', 'TLS'].includes(input.Protocol) && certificates.length === 0)
      return { code: 'ValidationError', message: 'A certificate must be specified for HTTPS listeners' };
    for (const { CertificateArn } of certificates) {
      const { service, region: where } = parseArn(String(CertificateArn));
      if (service === 'iam') continue;
      const found = where === region ? await aws('acm', 'DescribeCertificate', { CertificateArn }) : undefined;
      if (found === undefined)
        return { code: 'CertificateNotFound', message: `Certificate ARN '${CertificateArn}' is not valid` };
      if (found.Certificate?.Status !== 'ISSUED')
        return {
          code: 'UnsupportedCertificate',
          message: `The certificate '${CertificateArn}' must have a fully-qualified domain name, a supported signature, and a supported key size.`,
        };
    }
    return undefined;
  },
};
