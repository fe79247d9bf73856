import { DbInstance } from '@cdktf/provider-aws/lib/db-instance';
import { DbParameterGroup } from '@cdktf/provider-aws/lib/db-parameter-group';
import type { Construct } from 'constructs';
import { commonSettings, PARAMETERS, type Engine, type EngineSettings, type ResolvedPostgresOptions } from './engine';

/** An instance that always runs. */
export function rdsInstance(scope: Construct, options: ResolvedPostgresOptions, settings: EngineSettings): Engine {
  const family = `postgres${options.engineVersion}`;
  const parameters = new DbParameterGroup(scope, 'parameter-group', {
    name: `${settings.identifier}-${family}`,
    family,
    parameter: PARAMETERS,
    tags: settings.tags,
    lifecycle: { createBeforeDestroy: true },
  });
  const instance = new DbInstance(scope, 'resource', {
    ...commonSettings(options, settings),
    identifier: settings.identifier,
    engine: 'postgres',
    instanceClass: options.instanceClass,
    dbName: settings.databaseName,
    username: settings.masterUserName,
    allocatedStorage: options.storageGiB,
    storageType: 'gp3',
    multiAz: options.multiAz,
    parameterGroupName: parameters.name,
    publiclyAccessible: false,
    autoMinorVersionUpgrade: true,
    allowMajorVersionUpgrade: true,
    applyImmediately: true,
  });
  return {
    instances: [instance],
    endpoint: instance.address,
    resourceId: instance.resourceId,
    masterSecretArn: instance.masterUserSecret.get(0).secretArn,
  };
}
