import { jsonReply, type Patch } from './patch';

/** Quotas of a service, as the account has them. */
export const serviceQuotas: Patch = {
  service: 'servicequotas',
  operations: ['ListServiceQuotas'],
  missing: 'answers with an HTML page',
  why: '`npm run doctor -- --aws` asks which quotas of SageMaker are 0',
  how: 'answers with no quotas at all',
  seenIn: '5.2.1',
  matches: (request) => request.service === 'servicequotas' && request.operation === 'ListServiceQuotas',
  open: () => () => Promise.resolve(jsonReply(200, { Quotas: [] })),
};
