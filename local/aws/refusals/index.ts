import { randomUUID } from 'node:crypto';

import type { AwsRequest } from '../aws-request';
import { authorize } from '../iam/authorize';
import { Callers } from '../iam/callers';
import { needsOf } from '../iam/needs';
import { type NeedsRecord, RecordedNeeds } from '../iam/recorded-needs';
import { trustRefusal } from '../iam/trust';
import { webIdentityRefusal } from '../iam/web-identity';
import type { Reply } from '../patches';
import { UserError } from '../../toolchain';
import { type AskAws, askAws, callerOf, INSIDE_HEADER } from './ask-aws';
import { botocoreData } from './models/botocore-data';
import { modelRefusal } from './models/model-refusal';
import { type AwsCall, readCall, WEB_IDENTITY } from './models/read-call';
import { ServiceModels } from './models/service-models';
import type { Refusal } from './refusal';
import { refusalReply } from './refusal-reply';
import { RULES } from './rules';
import type { Rule, RuleCall } from './rules/rule';
import type { RefusalKind } from './switch';

/** Refuses what AWS refuses and moto accepts. */
export interface Refusals {
  /** From now on an access key is a session of a role, as of a task that runs on this machine. */
  tell(accessKey: string, roleArn: string, session?: string): Promise<void>;
  /** What the calls since the last time took; undefined unless it records. */
  record(): Promise<NeedsRecord | undefined>;
  /** Forgets what it was told, as moto does when it is reset. */
  reset(): void;
  /** The answer to a request that AWS refuses; undefined for one that is passed on. */
  answer(request: AwsRequest, endpoint: string): Promise<Reply | undefined>;
}

/**
 * @param kinds what refuses; see `refusalKinds`
 * @param records whether it keeps what each call takes that it lets through
 */
export function refusals(models: ServiceModels, kinds: ReadonlySet<RefusalKind>, records = false): Refusals {
  const recorded = records ? new RecordedNeeds() : undefined;
  const token = randomUUID();
  const rulesOf = rulesByOperation(RULES);
  const callers = new Callers();
  return {
    tell: async (accessKey, roleArn, session) => callers.tell(accessKey, roleArn, session),
    record: async () => recorded?.take(),
    reset: () => callers.forget(),
    async answer(request, endpoint) {
      if ((kinds.size === 0 && !records) || request.headers[INSIDE_HEADER] === token) return undefined;
      const call = await readCall(models, request);
      if (call === undefined) return undefined;
      const aws = askAws(models, endpoint, token, callerOf(call));
      const checks: (() => Promise<Refusal | undefined> | Refusal | undefined)[] = [
        () => (kinds.has('iam') ? iamRefusal(call, callers, aws) : undefined),
        () => (kinds.has('models') ? modelRefusal(call) : undefined),
        ...(kinds.has('rules') ? (rulesOf.get(`${call.model.name}:${call.operation.name}`) ?? []) : []).map(
          (rule) => () => rule.check(ruleCall(call), aws),
        ),
      ];
      for (const check of checks) {
        const refusal = await check();
        if (refusal !== undefined) return refusalReply(call, refusal);
      }
      if (recorded !== undefined) await record(call, recorded, aws);
      return undefined;
    },
  };
}

/**
 * Refusals by the models that came with a moto. Requests wait until they are found, and fail where there are none.
 *
 * @param server path of `moto_server`
 */
export function refusalsBeside(server: string, kinds: ReadonlySet<RefusalKind>, records = false): Refusals | undefined {
  if (kinds.size === 0 && !records) return undefined;
  const found = botocoreData(server).then((folder) => {
    if (folder !== undefined) return refusals(new ServiceModels(folder), kinds, records);
    throw new UserError(
      `no botocore in the Python of ${server}, whose API models tell what AWS refuses: install it there with pip, ` +
        'or set STRATA_EMULATOR_REFUSALS=off',
    );
  });
  // The first request reports it; before that, no caller could see it.
  found.catch(() => undefined);
  return {
    answer: async (request, endpoint) => (await found).answer(request, endpoint),
    tell: async (...told) => (await found).tell(...told),
    record: async () => (await found).record(),
    reset: () =>
      void found.then(
        (refusing) => refusing.reset(),
        () => undefined,
      ),
  };
}

async function record(call: AwsCall, recorded: RecordedNeeds, aws: AskAws): Promise<void> {
  const { Account = '' } = (await aws('sts', 'GetCallerIdentity')) ?? {};
  const needs = await needsOf(call, { partition: 'aws', region: call.region, account: String(Account) }, aws);
  recorded.add(needs);
  if (needs.length === 0) recorded.addUnknown(`${call.model.name}:${call.operation.name}`);
}

/** What the policies of a role, or of a role that is asked for, say to a call. */
async function iamRefusal(call: AwsCall, callers: Callers, aws: AskAws): Promise<Refusal | undefined> {
  if (call.operation.name === WEB_IDENTITY) return webIdentityRefusal(call, aws);
  const caller = await callers.find(call.accessKey, aws);
  const assumes = call.model.name === 'sts' && call.operation.name === 'AssumeRole';
  if (caller === undefined && !assumes) return undefined;
  return (
    (caller === undefined ? undefined : await authorize(call, caller, aws)) ??
    (assumes ? await trustRefusal(call, caller, aws) : undefined)
  );
}

function ruleCall({ region, service, operation, input, request }: AwsCall): RuleCall {
  const body = async (): Promise<string> => (await request.body()).toString('utf8');
  return { region, service, operation: operation.name, input, body };
}

function rulesByOperation(rules: readonly Rule[]): Map<string, Rule[]> {
  const byOperation = new Map<string, Rule[]>();
  for (const rule of rules) {
    for (const operation of rule.operations) {
      const key = `${rule.service}:${operation}`;
      byOperation.set(key, [...(byOperation.get(key) ?? []), rule]);
    }
  }
  return byOperation;
}
