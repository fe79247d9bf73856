import { ECSClient } from '@aws-sdk/client-ecs';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { EventSender, openDatabase } from '@strata/worker-runtime/jobs';
import type { Pool } from 'pg';

import { type ApiSettings, readApiSettings } from './settings';

/** What the functions work with; kept from one call to the next. */
export interface ApiContext {
  readonly settings: ApiSettings;
  readonly pool: Pool;
  readonly s3: S3Client;
  readonly sqs: SQSClient;
  readonly ecs: ECSClient;
  readonly events: EventSender;
}

export function openContext(settings: ApiSettings = readApiSettings(process.env)): ApiContext {
  return {
    settings,
    // A function works on one call at a time.
    pool: openDatabase({ url: settings.databaseUrl, iam: settings.databaseIam, connections: 1 }),
    s3: new S3Client({}),
    sqs: new SQSClient({}),
    ecs: new ECSClient({}),
    events: new EventSender(new EventBridgeClient({}), settings.eventBus),
  };
}
