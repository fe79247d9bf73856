export { ensurePythonEnvironment, type PythonEnvironment, type PythonEnvironmentOptions } from './environment';
export { findPython, MINIMUM_PYTHON_VERSION, type Python } from './find-python';
export { packageSources, TORCH_VERSION, type PackageSource } from './package-sources';
