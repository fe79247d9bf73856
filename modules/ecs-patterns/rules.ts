// What AWS allows, as data and checks without cdktf.
export {
  initialTasks,
  serviceHttps,
  serviceOptions,
  serviceProblems,
  type Exposure,
  type ServiceHttps,
  type ServiceOptions,
} from './load-balanced-service/service-options';
export { alarmOptions, type AlarmOptions } from './service-alarms/alarm-options';
