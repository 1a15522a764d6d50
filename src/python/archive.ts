export { ArchiveError } from './archive-error.js';
export { readSdist, type SdistContents } from './sdist-archive.js';
export { readWheel, type WheelContents } from './wheel-archive.js';
