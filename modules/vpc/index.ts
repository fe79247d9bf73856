export * from './vpc';
export * from './vpc-endpoints';
