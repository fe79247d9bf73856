import { CodestarconnectionsConnection } from '@cdktf/provider-aws/lib/codestarconnections-connection';
import { Problems, checkName, checkOneOf, type NameRule } from '@strata/core';
import { Construct } from 'constructs';

export type ConnectionProvider = 'GitHub' | 'GitLab' | 'Bitbucket';

/** `CreateConnection` in the AWS CodeConnections API reference. */
const CONNECTION_NAME: NameRule = {
  what: 'connection name',
  maxLength: 32,
  pattern: /^[\w.-]+$/,
  allowed: 'letters, digits and . _ -',
};

export interface CodeConnectionProps {
  /** At most 32 characters. Changing it replaces the connection, which must then be confirmed again. */
  readonly connectionName: string;
  readonly providerType: ConnectionProvider;
  /** @default none */
  readonly tags?: Readonly<Record<string, string>>;
}

/**
 * A connection to GitHub, GitLab or Bitbucket. AWS creates it as `PENDING`: a user who may install an app there has to
 * confirm it once in the console (Developer Tools, Settings, Connections). Until then, pipelines that use it fail in
 * their source stage.
 */
export class CodeConnection extends Construct {
  readonly resource: CodestarconnectionsConnection;

  /** @throws ValidationError when the name or the provider cannot be used. */
  constructor(scope: Construct, id: string, props: CodeConnectionProps) {
    super(scope, id);
    const problems = new Problems(this);
    checkName(problems, 'connectionName', props.connectionName, CONNECTION_NAME);
    checkOneOf(problems, 'providerType', props.providerType, ['GitHub', 'GitLab', 'Bitbucket']);
    problems.throwIfAny();
    // Providers 5 and 6 both have the resource under its CodeStar name; AWS accepts both names.
    this.resource = new CodestarconnectionsConnection(this, 'resource', {
      name: props.connectionName,
      providerType: props.providerType,
      tags: props.tags === undefined ? undefined : { ...props.tags },
    });
  }

  get connectionArn(): string {
    return this.resource.arn;
  }
}
