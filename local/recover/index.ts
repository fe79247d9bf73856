export { recover, type RecoverOptions, type Recovery } from './recover';
export { report } from './report';
