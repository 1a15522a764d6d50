export { ArchiveError } from './archive/archive-error.js';
export { readSdist, type SdistContents } from './sdist/sdist-archive.js';
export { readWheel, type WheelContents } from './wheel/wheel-archive.js';
