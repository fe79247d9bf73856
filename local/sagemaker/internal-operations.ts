import type { ContainerDefinition } from '@aws-sdk/client-sagemaker';
import type { TaskRole } from './task-role';

/** Operations of the local SageMaker that no SDK has. */
export interface InternalOperations {
  /** Applies a role, from now on, to requests that are signed with an access key. */
  readonly role: { readonly input: { readonly accessKey: string; readonly role: TaskRole }; readonly output: object };
  /**
   * Serves a model under a name unless there is such an endpoint: for the sample, which no one deployed. It is not
   * persisted.
   */
  readonly serve: {
    readonly input: { readonly endpoint: string; readonly container: ContainerDefinition };
    readonly output: {
      readonly status: string;
      readonly failureReason: string | undefined;
      /** Whether the endpoint was created or updated by a caller; false for the sample. */
      readonly isDeployed: boolean;
      /** Names of the models that serve. */
      readonly models: readonly string[];
    };
  };
}

/** @throws Error in the server's words */
export async function callInternal<Name extends keyof InternalOperations>(
  url: string,
  name: Name,
  input: InternalOperations[Name]['input'],
): Promise<InternalOperations[Name]['output']> {
  const response = await fetch(`${url}/-/${name}`, { method: 'POST', body: JSON.stringify(input) });
  const answer = (await response.json()) as InternalOperations[Name]['output'] & { readonly message?: string };
  if (!response.ok) throw new Error(answer.message ?? `the local SageMaker answered ${response.status}`);
  return answer;
}
