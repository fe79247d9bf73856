export { LambdaFunction, type InvokePermission, type LambdaFunctionProps } from './lambda-function';
export { type EventDestination, type InvocationDestination } from './destination';
export { type EventTrigger } from './event-trigger';
export { FunctionAlarms, type FunctionAlarmsProps } from './function-alarms';
