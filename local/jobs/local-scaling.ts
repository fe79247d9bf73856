// Application Auto Scaling on this machine: the emulator keeps targets and policies as records.
import { ApplicationAutoScalingClient, DescribeScalableTargetsCommand } from '@aws-sdk/client-application-auto-scaling';
import { DescribeServicesCommand, ECSClient, UpdateServiceCommand } from '@aws-sdk/client-ecs';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { AwsReaderOptions } from '../run/aws-reader-options';

export interface ScaledService {
  readonly clusterName: string;
  readonly serviceName: string;
  readonly queueUrl: string;
}

export interface LocalScalingOptions {
  readonly aws: AwsReaderOptions;
  readonly services: readonly ScaledService[];
  /** Seconds without a message after which workers are stopped; shorter than in AWS, as nobody waits for a machine. */
  readonly idleSeconds: number;
  /** Messages that may wait for each that is being worked on. */
  readonly backlogPerWorker: number;
  readonly say: (text: string) => void;
}

const LOOK_MILLISECONDS = 2000;
const COOLDOWN_MILLISECONDS = 10_000;

/** Out where more messages wait than fit, by one; in only where neither waiting nor received ones are left. */
export function desiredCount(
  now: { readonly desired: number; readonly waiting: number; readonly inFlight: number; readonly idleSeconds: number },
  limits: { readonly min: number; readonly max: number; readonly backlog: number; readonly idleSeconds: number },
): number {
  if (now.waiting + now.inFlight === 0)
    return now.idleSeconds >= limits.idleSeconds ? Math.min(now.desired, limits.min) : now.desired;
  // From 0 nothing scales out: whoever sends raises to 1.
  if (now.desired === 0 || now.waiting / Math.max(1, now.inFlight) <= limits.backlog) return now.desired;
  return Math.min(limits.max, now.desired + 1);
}

export class LocalScaling {
  private readonly ecs: ECSClient;
  private readonly sqs: SQSClient;
  private readonly targets: ApplicationAutoScalingClient;
  private readonly busyAt = new Map<string, number>();
  private readonly changedAt = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(private readonly options: LocalScalingOptions) {
    this.ecs = new ECSClient(options.aws);
    this.sqs = new SQSClient(options.aws);
    this.targets = new ApplicationAutoScalingClient(options.aws);
  }

  start(): void {
    const loop = async (): Promise<void> => {
      this.looking = this.look().catch((error: unknown) => this.options.say(`scaling: ${String(error)}`));
      await this.looking;
      if (!this.stopped) this.timer = setTimeout(() => void loop(), LOOK_MILLISECONDS);
    };
    void loop();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.looking;
  }

  private async look(): Promise<void> {
    for (const service of this.options.services) await this.scale(service);
  }

  private async scale({ clusterName, serviceName, queueUrl }: ScaledService): Promise<void> {
    const { Attributes: counts = {} } = await this.sqs.send(
      new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] }),
    );
    const waiting =
      Number(counts.ApproximateNumberOfMessages ?? 0) + Number(counts.ApproximateNumberOfMessagesDelayed ?? 0);
    const inFlight = Number(counts.ApproximateNumberOfMessagesNotVisible ?? 0);
    const now = Date.now();
    if (waiting + inFlight > 0 || !this.busyAt.has(serviceName)) this.busyAt.set(serviceName, now);
    const { services: [service] = [] } = await this.ecs.send(
      new DescribeServicesCommand({ cluster: clusterName, services: [serviceName] }),
    );
    const desired = service?.desiredCount ?? 0;
    const { ScalableTargets: [target] = [] } = await this.targets.send(
      new DescribeScalableTargetsCommand({
        ServiceNamespace: 'ecs',
        ResourceIds: [`service/${clusterName}/${serviceName}`],
      }),
    );
    const wanted = desiredCount(
      { desired, waiting, inFlight, idleSeconds: (now - this.busyAt.get(serviceName)!) / 1000 },
      {
        min: target?.MinCapacity ?? 0,
        max: target?.MaxCapacity ?? 1,
        backlog: this.options.backlogPerWorker,
        idleSeconds: this.options.idleSeconds,
      },
    );
    if (wanted === desired) return;
    if (wanted > desired && now - (this.changedAt.get(serviceName) ?? 0) < COOLDOWN_MILLISECONDS) return;
    this.changedAt.set(serviceName, now);
    await this.ecs.send(new UpdateServiceCommand({ cluster: clusterName, service: serviceName, desiredCount: wanted }));
    this.options.say(`${serviceName} scales from ${desired} to ${wanted}`);
  }
}
