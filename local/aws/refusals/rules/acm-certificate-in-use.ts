import type { Reading } from '../ask-aws';
import { loadBalancers } from './lookups';
import type { Rule } from './rule';

export const acmCertificateInUse: Rule = {
  service: 'acm',
  operations: ['DeleteCertificate'],
  what: 'deleting a certificate that a listener has',
  source: 'https://docs.aws.amazon.com/acm/latest/APIReference/API_DeleteCertificate.html',
  async check({ input }, aws) {
    const { CertificateArn } = input;
    for (const { LoadBalancerArn } of await loadBalancers(aws)) {
      const listeners: Reading[] = (await aws('elbv2', 'DescribeListeners', { LoadBalancerArn }))?.Listeners ?? [];
      const has = listeners.some(({ Certificates = [] }) =>
        Certificates.some((certificate: Reading) => certificate.CertificateArn === CertificateArn),
      );
      if (has) return { code: 'ResourceInUseException', message: `Certificate ${CertificateArn} is in use.` };
    }
    return undefined;
  },
};
