export { BuildProject, type BuildProjectProps } from './build-project';
export { PROJECT_NAME } from './names';
