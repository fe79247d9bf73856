export { BuildProject, type BuildProjectProps } from './build-project';
export { isCodeBuildImage } from './build-image';
export { PROJECT_NAME } from './names';
