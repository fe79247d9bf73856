import { DeployError } from './deploy-error';

/** What the function is asked to do. */
export type Task =
  /** Deploy a registered model. */
  | { readonly kind: 'deploy'; readonly modelPackageArn: string; readonly modelDataUrl?: string }
  /**
   * Deploy the model that serves once more, with the settings and the image of now. `waitSeconds`: for a caller whose
   * connection does not last for the function's own wait.
   */
  | { readonly kind: 'refresh'; readonly imageUri?: string; readonly waitSeconds?: number }
  /** Wait for the endpoint to serve a model that an earlier invocation brought, and say whether it does. */
  | { readonly kind: 'await'; readonly modelName: string; readonly waitSeconds?: number }
  /** Let the candidate of a weighted or shadow rollout take over. */
  | { readonly kind: 'promote' }
  /** Take the candidate away. */
  | { readonly kind: 'discard' }
  /** Say which image would serve; nothing changes. */
  | { readonly kind: 'image' }
  /** A registered model was rejected, waits, or changed in something else than its approval. */
  | { readonly kind: 'ignore'; readonly approval: string }
  /** An endpoint has settled: finish what a deploy left that could not wait for it. */
  | { readonly kind: 'settle'; readonly endpointName: string };

const FORMS = [
  '{"modelPackageArn": "…"}',
  '{"imageUri": "…"} or {"action": "await", "modelName": "…"}, with "waitSeconds" or not',
  '{"action": "refresh" | "promote" | "discard" | "image"}',
  'an EventBridge event "SageMaker Model Package State Change" or "SageMaker Endpoint State Change"',
];

/** @throws DeployError for an event of another form. */
export function readEvent(event: unknown): Task {
  const given = (typeof event === 'object' && event !== null ? event : {}) as Readonly<Record<string, unknown>>;
  const detail = (typeof given.detail === 'object' && given.detail !== null ? given.detail : {}) as Readonly<
    Record<string, unknown>
  >;
  const detailType = given['detail-type'];
  const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);

  if (detailType === 'SageMaker Model Package State Change') {
    const modelPackageArn = text(detail.ModelPackageArn);
    const approval = text(detail.ModelApprovalStatus) ?? 'Approved';
    // An edit of an approved version sends an event, too, and must not bring that version back.
    // https://docs.aws.amazon.com/sagemaker/latest/dg/automating-sagemaker-with-eventbridge.html#eventbridge-model-package
    const isDecision =
      Array.isArray(detail.UpdatedModelPackageFields) &&
      detail.UpdatedModelPackageFields.includes('ModelApprovalStatus');
    if (approval !== 'Approved' || !isDecision) return { kind: 'ignore', approval };
    if (modelPackageArn !== undefined) return { kind: 'deploy', modelPackageArn };
  }
  if (detailType === 'SageMaker Endpoint State Change') {
    const endpointName = text(detail.EndpointName);
    if (endpointName !== undefined) return { kind: 'settle', endpointName };
  }
  const modelPackageArn = text(given.modelPackageArn);
  if (modelPackageArn !== undefined) return { kind: 'deploy', modelPackageArn, modelDataUrl: text(given.modelDataUrl) };
  const imageUri = text(given.imageUri);
  if (imageUri !== undefined) return { kind: 'refresh', imageUri, ...readWaitSeconds(given.waitSeconds) };
  const modelName = text(given.modelName);
  if (given.action === 'await' && modelName !== undefined)
    return { kind: 'await', modelName, ...readWaitSeconds(given.waitSeconds) };
  if (
    given.action === 'refresh' ||
    given.action === 'promote' ||
    given.action === 'discard' ||
    given.action === 'image'
  )
    return { kind: given.action };
  throw new DeployError(
    `the event is of no known form: ${JSON.stringify(event)?.slice(0, 300)}; use ${FORMS.join(', or ')}`,
  );
}

function readWaitSeconds(waitSeconds: unknown): { readonly waitSeconds?: number } {
  if (waitSeconds === undefined) return {};
  if (typeof waitSeconds === 'number' && Number.isInteger(waitSeconds) && waitSeconds >= 0 && waitSeconds <= 900)
    return { waitSeconds };
  throw new DeployError(`waitSeconds ${JSON.stringify(waitSeconds)} is not allowed; use a whole number from 0 to 900`);
}
