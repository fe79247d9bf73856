// What AWS allows, as data and checks without cdktf.
export { ROLE_NAME } from './role/names';
export { statementProblems, type IamConditions, type IamStatement } from './role/statement-rules';
