// What AWS allows and what services need, as data and checks without cdktf.
export * from './vpc/rules';
