export { imageNode, imageNodeVersion, nodeBinary, runtimeNode } from './node-versions';
