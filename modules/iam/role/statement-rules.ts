// What AWS allows in a policy's statements. Loads no construct.
import { isGiven, type IsKnown, type OptionProblem } from '@strata/core/rules';

/** One `Allow` statement of a policy. */
export interface IamStatement {
  /**
   * Such as `sagemaker:InvokeEndpoint`. All actions of a service (`s3:*`) are rejected; a prefix (`s3:Get*`) is
   * allowed.
   */
  readonly actions: readonly string[];
  /** ARNs. `*` is rejected unless `allowAllResources` is set. */
  readonly resources: readonly string[];
  /** Allows `*` as a resource: for the actions that AWS cannot restrict to a resource. @default false */
  readonly allowAllResources?: boolean;
  /** Conditions by operator and key: `{ StringEquals: { 'aws:ResourceTag/team': 'web' } }`. @default none */
  readonly conditions?: IamConditions;
  /** Statement id, letters and digits. @default none */
  readonly sid?: string;
}

export type IamConditions = Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;

/** Problems of user-written statements; `key` is their key. */
export function statementProblems(
  key: string,
  statements: readonly IamStatement[] | undefined,
  isKnown: IsKnown = isGiven,
): OptionProblem[] {
  return (statements ?? []).flatMap((statement, i) => problemsOf([key, i], statement, isKnown));
}

function problemsOf(path: (string | number)[], statement: IamStatement, isKnown: IsKnown): OptionProblem[] {
  const { actions, resources, sid } = statement;
  const found: OptionProblem[] = [];
  const add = (key: keyof IamStatement, message: string) => void found.push({ path: [...path, key], message });
  if (isKnown(actions)) {
    if (actions.length === 0)
      add('actions', 'an empty list allows nothing; name at least one action, such as "s3:GetObject"');
    for (const action of actions.filter((one) => isKnown(one))) {
      if (action === '*' || /^[a-z0-9-]+:\*$/.test(action)) {
        const what = action === '*' ? '' : ' of the service';
        add('actions', `"${action}" allows every action${what}; name the ones that are needed`);
      } else if (!/^[a-z0-9-]+:[A-Za-z0-9*?]+$/.test(action))
        add('actions', `"${action}" is not an IAM action; write service:Action, such as "s3:GetObject"`);
    }
  }
  if (isKnown(resources)) {
    if (resources.length === 0) add('resources', 'an empty list allows nothing; name at least one ARN');
    for (const resource of resources.filter((one) => isKnown(one))) {
      if (resource === '*') {
        if (!(statement.allowAllResources ?? false))
          add(
            'resources',
            '"*" allows every resource; name the ARNs, or set allowAllResources where the action cannot be ' +
              'restricted to a resource',
          );
      } else if (!resource.startsWith('arn:'))
        add('resources', `"${resource}" is not an ARN; write arn:partition:service:region:account:resource`);
    }
  }
  if (isKnown(sid) && !/^[A-Za-z0-9]+$/.test(sid)) add('sid', `"${sid}" is not a statement id; use letters and digits`);
  return found;
}
