export * from './who-breaks';
