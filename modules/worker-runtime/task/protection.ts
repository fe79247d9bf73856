/** What ECS answered. `blocked`: more tasks are protected than are wanted, as new ones find during a deployment. */
export type Protection = 'protected' | 'blocked' | 'unavailable';

/** The longest protection of a task. */
const MAX_MINUTES = 2880;
const TIMEOUT_MILLISECONDS = 5000;

/**
 * Protects this task from scale-in and deployments, by the agent's endpoint.
 * Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection-endpoint.html
 */
export class TaskProtection {
  private protectedNow = false;

  /** @param agentUri `ECS_AGENT_URI`; undefined where no agent of ECS runs, and nothing is protected */
  constructor(
    private readonly agentUri: string | undefined,
    private readonly minutes: number,
  ) {}

  /** Protects for the longest run, counted from now. */
  async acquire(): Promise<Protection> {
    if (this.agentUri === undefined) return 'protected';
    const answer = await this.put({
      ProtectionEnabled: true,
      ExpiresInMinutes: Math.min(MAX_MINUTES, Math.max(1, this.minutes)),
    });
    this.protectedNow = answer === 'protected';
    return answer;
  }

  /** Lets SIGTERM reach this task. Makes no request if the task holds no protection. */
  async release(): Promise<void> {
    if (this.agentUri === undefined || !this.protectedNow) return;
    if ((await this.put({ ProtectionEnabled: false })) !== 'unavailable') this.protectedNow = false;
  }

  private async put(body: object): Promise<Protection> {
    try {
      const response = await fetch(`${this.agentUri}/task-protection/v1/state`, {
        method: 'PUT',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        signal: AbortSignal.timeout(TIMEOUT_MILLISECONDS),
      });
      const answer = (await response.json()) as { protection?: object; failure?: { Reason?: string } };
      if (answer.protection !== undefined) return 'protected';
      return answer.failure?.Reason === 'DEPLOYMENT_BLOCKED' ? 'blocked' : 'unavailable';
    } catch {
      return 'unavailable';
    }
  }
}
