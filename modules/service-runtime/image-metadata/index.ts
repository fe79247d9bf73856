export { readImageMetadata, type ImageMetadata, type ImageType } from './image-metadata';
