export { DeployedImages, type DeployedImagesProps } from './deployed-images';
export { imageParameterName, imageParameterPath } from './parameter-name';
export { ServiceImage, type ServiceImageOptions } from './service-image';
