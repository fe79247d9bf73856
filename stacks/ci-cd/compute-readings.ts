import type { Contract } from '@strata/contract';
import type { ContractReadings } from '@strata/contract/terraform';
import type { computeContract } from '@strata/compute-contract';

/** The outputs that are read from a compute layer. */
export type ComputeReadings = typeof computeContract extends Contract<infer S> ? ContractReadings<S> : never;
