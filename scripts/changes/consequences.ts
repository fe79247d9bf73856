// What is down while resources change, and what to do about it: knowledge of AWS, by resource type.
import type { Resources } from './outcome';

export interface Consequence {
  /** What is down meanwhile. */
  readonly down: string;
  /** What to do before or after. */
  readonly todo?: string;
}

/** Replacing or destroying one of these. The first in this order says what is down. */
const LOST: Readonly<Record<string, Consequence>> = {
  aws_vpc: { down: 'everything in the VPC', todo: 'build a second network beside it and move the layers over' },
  aws_sagemaker_domain: { down: 'Studio; its homes are lost unless they are retained', todo: 'copy the homes first' },
  aws_sagemaker_user_profile: { down: 'the person in Studio, with the home', todo: 'copy the home first' },
  aws_subnet: {
    down: 'what is in the subnets, until the layers above are deployed again',
    todo: 'add subnets, move the layers above, then remove the old ones',
  },
  aws_ecs_cluster: { down: 'every service', todo: 'deploy a second cluster under another prefix and move the traffic' },
  aws_lb: { down: 'the service, and its address changes', todo: 'point DNS at the new address' },
  aws_ecr_repository: { down: 'pulls, as the images are deleted', todo: 'push the images to the new repository first' },
  aws_s3_bucket: { down: 'reads and writes; the objects are deleted', todo: 'copy the objects first' },
  aws_codecommit_repository: { down: 'pushes; the commits are deleted', todo: 'push to the new repository first' },
  aws_kms_key: { down: 'whatever is encrypted with the key', todo: 'encrypt with another key first' },
  aws_sagemaker_endpoint: { down: 'the endpoint', todo: 'create the new one beside it, then move the callers' },
  aws_sagemaker_model_package_group: { down: 'the registered models', todo: 'register them in the new group first' },
  aws_lb_listener: { down: 'the service on that port', todo: 'add the new listener first' },
  aws_ecs_service: {
    down: 'the service, until the new tasks are healthy',
    todo: 'do it when nobody needs the service',
  },
  aws_nat_gateway: { down: 'connections from the private subnets to the internet' },
  aws_eip: { down: 'nothing, but the outgoing address changes', todo: 'tell those that let only the address in' },
  aws_route: { down: 'connections on that route' },
  aws_route_table: { down: 'connections from its subnets' },
  aws_route_table_association: { down: 'connections from the subnet' },
  aws_lb_target_group: { down: 'nothing: the new group is there before the listener changes' },
  aws_security_group: { down: 'nothing: the new group is there before the old one goes' },
  aws_vpc_endpoint: { down: 'calls from the private subnets to that AWS service' },
  aws_iam_role: { down: 'calls with the role, until what uses it has the new one' },
  aws_iam_role_policy: { down: 'calls that the policy allowed' },
  aws_appautoscaling_target: { down: 'scaling; the tasks go on' },
  aws_appautoscaling_policy: { down: 'scaling by that metric; the tasks go on' },
  aws_appautoscaling_scheduled_action: { down: 'scaling on that schedule; the tasks go on' },
  aws_codepipeline: { down: 'deliveries; the history of the pipeline is lost' },
  aws_codebuild_project: { down: 'builds; the history of the project is lost' },
  aws_sns_topic: { down: 'notifications; each address has to confirm again', todo: 'confirm the subscriptions' },
  aws_sns_topic_subscription: { down: 'notifications to that address', todo: 'confirm the subscription' },
  aws_cloudwatch_log_group: { down: 'nothing; what was logged is deleted', todo: 'export the log first' },
  aws_flow_log: { down: 'flow logs, for a moment' },
  aws_cloudwatch_metric_alarm: { down: 'that alarm' },
  aws_ecs_task_definition: { down: 'nothing: tasks are replaced in a rolling deployment' },
};

/** Updating one of these in place, where users notice. */
const UPDATED: Readonly<Record<string, Consequence>> = {
  aws_ecs_service: { down: 'nothing: tasks are replaced in a rolling deployment' },
  aws_sagemaker_endpoint: { down: 'nothing: the old model answers until the new one does' },
  aws_lambda_function: { down: 'nothing: the next invocation uses it' },
};

const NOTHING = 'nothing';

/** What is down while these change, by the resource that matters most. */
export function consequenceOf({ replaced = [], destroyed = [], updated = [] }: Resources): Consequence {
  const lost = [...replaced, ...destroyed].map(typeOf);
  const first = Object.keys(LOST).find((type) => lost.includes(type));
  if (first !== undefined) return LOST[first]!;
  const noticed = Object.keys(UPDATED).find((type) => updated.map(typeOf).includes(type));
  return noticed === undefined ? { down: NOTHING } : UPDATED[noticed]!;
}

export function typeOf(name: string): string {
  return name.slice(0, name.indexOf('.'));
}
