import { applicationAutoscalingTags } from './application-autoscaling-tags';
import type { Gap } from './gap';
import { s3ConditionalPut } from './s3-conditional-put';

export type { Answer, Forward, Gap, Reply } from './gap';

/** Everything the shim does beyond passing requests on. To add one: a file next to this one, an entry here, and its line in docs/emulator.md (a test compares them). */
export const GAPS: readonly Gap[] = [applicationAutoscalingTags, s3ConditionalPut];
