export { type ApiAuthorization } from './authorization';
export { HttpApi, type ApiRoute, type HttpApiProps } from './http-api';
