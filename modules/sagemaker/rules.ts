// What AWS allows, as data and checks without cdktf.
export * from './endpoint/endpoint-rules';
