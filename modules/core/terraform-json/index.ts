export { terraformJson, type JsonValue } from './terraform-json';
