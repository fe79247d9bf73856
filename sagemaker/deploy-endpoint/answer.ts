/** What the function returns; the outputs of the pipeline's step are read from it. */
export interface Answer {
  readonly endpointName: string;
  readonly action:
    | 'created'
    | 'updated'
    | 'unchanged'
    /** The model waits for approval in the registry; the approval event deploys it. */
    | 'awaiting-approval'
    /** There is no endpoint yet: the image is used when the first model is deployed. */
    | 'awaiting-model'
    /** Another deploy came in between and serves now. */
    | 'superseded'
    /**
     * The endpoint is still changing by another deploy; nothing was done. Only for a caller that gave `waitSeconds`,
     * and asks again.
     */
    | 'busy';
  /** Empty where nothing is deployed: a pipeline's step needs all its declared outputs. */
  readonly endpointConfigName: string;
  readonly modelName: string;
  /**
   * `InService`, or `Creating` or `Updating` when it takes longer than the function waits: the event of its end
   * finishes the rest.
   */
  readonly endpointStatus: string;
  /** The image that would serve; only for the action `image`. */
  readonly imageUri?: string;
}

/** An answer; what is not known is empty. */
export function answer(
  endpoint: { readonly name: string },
  action: Answer['action'],
  state: { readonly EndpointConfigName?: string; readonly EndpointStatus?: string; readonly modelName?: string } = {},
): Answer {
  return {
    endpointName: endpoint.name,
    action,
    endpointConfigName: state.EndpointConfigName ?? '',
    modelName: state.modelName ?? '',
    endpointStatus: state.EndpointStatus ?? '',
  };
}
