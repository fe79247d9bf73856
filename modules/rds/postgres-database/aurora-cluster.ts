import { RdsCluster } from '@cdktf/provider-aws/lib/rds-cluster';
import { RdsClusterInstance } from '@cdktf/provider-aws/lib/rds-cluster-instance';
import { RdsClusterParameterGroup } from '@cdktf/provider-aws/lib/rds-cluster-parameter-group';
import type { Construct } from 'constructs';
import { commonSettings, PARAMETERS, type Engine, type EngineSettings, type ResolvedPostgresOptions } from './engine';

/** A cluster whose size follows the load; it pauses where its smallest size is 0. */
export function auroraCluster(scope: Construct, options: ResolvedPostgresOptions, settings: EngineSettings): Engine {
  const { identifier, tags } = settings;
  const family = `aurora-postgresql${options.engineVersion}`;
  const parameters = new RdsClusterParameterGroup(scope, 'parameter-group', {
    name: `${identifier}-${family}`,
    family,
    parameter: PARAMETERS,
    tags,
    lifecycle: { createBeforeDestroy: true },
  });
  const cluster = new RdsCluster(scope, 'resource', {
    ...commonSettings(options, settings),
    clusterIdentifier: identifier,
    engine: 'aurora-postgresql',
    databaseName: settings.databaseName,
    masterUsername: settings.masterUserName,
    dbClusterParameterGroupName: parameters.name,
    serverlessv2ScalingConfiguration: {
      minCapacity: options.minAcu,
      maxCapacity: options.maxAcu,
      secondsUntilAutoPause: options.minAcu === 0 ? options.autoPauseSeconds : undefined,
    },
    allowMajorVersionUpgrade: true,
    applyImmediately: true,
  });
  const instances = (options.multiAz ? ['writer', 'reader'] : ['writer']).map(
    (role) =>
      new RdsClusterInstance(scope, role, {
        identifier: `${identifier}-${role}`,
        clusterIdentifier: cluster.id,
        engine: cluster.engine,
        instanceClass: 'db.serverless',
        dbSubnetGroupName: settings.subnetGroupName,
        publiclyAccessible: false,
        autoMinorVersionUpgrade: true,
        // A reader in tier 2 or above keeps a size of its own; in tier 1 it is as large as the writer, ready to take over.
        promotionTier: 1,
        tags,
      }),
  );
  return {
    instances,
    endpoint: cluster.endpoint,
    resourceId: cluster.clusterResourceId,
    masterSecretArn: cluster.masterUserSecret.get(0).secretArn,
  };
}
