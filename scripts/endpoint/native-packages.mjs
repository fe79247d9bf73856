// The packages whose native code cannot be bundled.
export const nativePackages = ['onnxruntime-node', 'sharp'];
