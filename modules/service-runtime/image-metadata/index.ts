export { readImageFacts, type ImageFacts, type ImageType } from './image-metadata';
