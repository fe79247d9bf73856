import { DeployError } from './deploy-error';

/** What the function is asked to do. */
export type Task =
  /** Deploy a registered model. */
  | { readonly kind: 'deploy'; readonly modelPackageArn: string; readonly modelDataUrl?: string }
  /** Deploy the model that serves once more, with the settings and the image of now. */
  | { readonly kind: 'refresh'; readonly imageUri?: string }
  /** Let the candidate of a weighted or shadow rollout take over. */
  | { readonly kind: 'promote' }
  /** Take the candidate away. */
  | { readonly kind: 'discard' }
  /** Say which image would serve; nothing changes. */
  | { readonly kind: 'image' }
  /** A registered model was rejected, or waits. */
  | { readonly kind: 'ignore'; readonly approval: string }
  /** An endpoint has settled: finish what a deploy left that could not wait for it. */
  | { readonly kind: 'settle'; readonly endpointName: string };

const FORMS = [
  '{"modelPackageArn": "…"}', '{"imageUri": "…"}', '{"action": "refresh" | "promote" | "discard" | "image"}',
  'an EventBridge event "SageMaker Model Package State Change" or "SageMaker Endpoint State Change"',
];

/** @throws DeployError for an event of another form. */
export function readEvent(event: unknown): Task {
  const given = (typeof event === 'object' && event !== null ? event : {}) as Readonly<Record<string, unknown>>;
  const detail = (typeof given.detail === 'object' && given.detail !== null ? given.detail : {}) as Readonly<Record<string, unknown>>;
  const detailType = given['detail-type'];
  const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

  if (detailType === 'SageMaker Model Package State Change') {
    const modelPackageArn = text(detail.ModelPackageArn);
    const approval = text(detail.ModelApprovalStatus) ?? 'Approved';
    if (approval !== 'Approved') return { kind: 'ignore', approval };
    if (modelPackageArn !== undefined) return { kind: 'deploy', modelPackageArn };
  }
  if (detailType === 'SageMaker Endpoint State Change') {
    const endpointName = text(detail.EndpointName);
    if (endpointName !== undefined) return { kind: 'settle', endpointName };
  }
  const modelPackageArn = text(given.modelPackageArn);
  if (modelPackageArn !== undefined) return { kind: 'deploy', modelPackageArn, modelDataUrl: text(given.modelDataUrl) };
  const imageUri = text(given.imageUri);
  if (imageUri !== undefined) return { kind: 'refresh', imageUri };
  if (given.action === 'refresh' || given.action === 'promote' || given.action === 'discard' || given.action === 'image') return { kind: given.action };
  throw new DeployError(`the event is of no known form: ${JSON.stringify(event)?.slice(0, 300)}; use ${FORMS.join(', or ')}`);
}
