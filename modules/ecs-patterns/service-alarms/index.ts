export { AlarmTopic, type AlarmTopicProps } from './alarm-topic';
export { ServiceAlarms, type ServiceAlarmsProps } from './service-alarms';
export type { AlarmOptions } from './alarm-options';
