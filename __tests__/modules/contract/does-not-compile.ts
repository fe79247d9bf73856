// Held by the type check alone: each line below an @ts-expect-error must stay an error.
import { defineContract, t } from '@strata/contract';
import type { ContractReadings, PublishedValues } from '@strata/contract/terraform';

// @ts-expect-error: a number is no example of a string
export const wrongExample = defineContract({ layer: 'a', owner: 'o', version: '1.0.0', outputs: { vpcId: { type: t.string, description: 'x', example: 1 } } });

// @ts-expect-error: an attribute of the example is missing
export const partOfAnExample = defineContract({ layer: 'a', owner: 'o', version: '1.0.0', outputs: { alb: { type: t.object({ arn: t.string, port: t.number }), description: 'x', example: { arn: 'a' } } } });

type Outputs = { vpcId: typeof t.string; ports: { kind: 'list'; element: typeof t.number } };
declare const read: ContractReadings<Outputs>;

// @ts-expect-error: the contract has no such output
export const unknownOutput: unknown = read.subnetId;
// @ts-expect-error: a list is no string
export const wrongReading: string = read.ports;

// @ts-expect-error: an output is missing
export const partOfTheValues: PublishedValues<Outputs> = { vpcId: 'vpc-1' };
// @ts-expect-error: text is no list of numbers
export const wrongValue: PublishedValues<Outputs> = { vpcId: 'vpc-1', ports: '80' };
