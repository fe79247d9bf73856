// What Terraform's plan says, as `terraform show -json` prints it: what it would make, what the state has, and how each
// value is written in the configuration.
import type { KnownValue } from './import-ids';

type Values = Readonly<Record<string, unknown>>;

/** `terraform show -json` of a plan, as far as it is read here. */
export interface PlanJson {
  readonly resource_changes?: readonly {
    readonly address: string;
    readonly mode: string;
    readonly type: string;
    readonly change: {
      readonly actions: readonly string[];
      readonly before: Values | null;
      readonly after: Values | null;
      readonly importing?: { readonly id?: string };
    };
  }[];
  readonly prior_state?: {
    readonly values?: {
      readonly root_module?: {
        readonly resources?: readonly {
          readonly address: string;
          readonly mode: string;
          readonly type: string;
          readonly values: Values;
        }[];
      };
    };
  };
}

/** A synthesized stack, as far as it is read here. */
export interface StackJson {
  readonly terraform: { readonly backend?: Readonly<Record<string, Values>>; readonly cloud?: unknown } & Values;
  readonly provider?: { readonly aws?: readonly Values[] };
  readonly resource?: Readonly<Record<string, Readonly<Record<string, Values>>>>;
}

/** A resource that Terraform would make. */
export interface Planned {
  readonly address: string;
  readonly type: string;
  readonly values: Values;
}

export function plannedCreates(plan: PlanJson): Planned[] {
  return (plan.resource_changes ?? [])
    .filter(({ mode, change }) => mode === 'managed' && change.actions.join() === 'create')
    .map(({ address, type, change }) => ({ address, type, values: change.after ?? {} }));
}

/** What the state has: address -> values. */
export function stateResources(plan: PlanJson): Map<string, { readonly type: string; readonly values: Values }> {
  const resources = plan.prior_state?.values?.root_module?.resources ?? [];
  return new Map(
    resources.filter(({ mode }) => mode === 'managed').map(({ address, type, values }) => [address, { type, values }]),
  );
}

/** The ids and ARNs of what the state has. */
export function knownIds(state: ReadonlyMap<string, { readonly type: string; readonly values: Values }>): Set<string> {
  return new Set(
    [...state.values()].flatMap(({ values }) => [values.id, values.arn].filter((id) => typeof id === 'string')),
  );
}

/** A value as text; `undefined` for one that is not known, is null or is no plain value. */
export function asText(value: unknown): string | undefined {
  return ['string', 'number', 'boolean'].includes(typeof value) ? String(value) : undefined;
}

/**
 * Says what an attribute of a resource is: as planned, or, where Terraform does not know it before the resource that it
 * refers to is made, through `ofFound`, which says what is known of that one as it was found.
 */
export function valueReader(
  stack: StackJson,
  { address, type, values }: Planned,
  ofFound: (address: string, attribute: string) => string | undefined,
): KnownValue {
  const written = stack.resource?.[type]?.[address.slice(type.length + 1)] ?? {};
  return (attribute) => {
    const known = asText(values[attribute]);
    if (known !== undefined) return known;
    const text = written[attribute];
    if (typeof text !== 'string') return undefined;
    let isResolved = true;
    const resolved = text.replaceAll(/\$\{(aws_\w+\.[\w-]+)\.(\w+)\}/g, (_, other: string, of: string) => {
      const value = ofFound(other, of);
      if (value === undefined) isResolved = false;
      return value ?? '';
    });
    return isResolved && !resolved.includes('${') ? resolved : undefined;
  };
}
