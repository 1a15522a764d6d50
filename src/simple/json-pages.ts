/** Pages of the index as JSON. @see https://packaging.python.org/en/latest/specifications/simple-repository-api/#json-serialization */
import { addressFromPage } from './file-address.js';
import type { Project, ProjectFile } from './project.js';

/** The version whose members we write; and the last one that does not ask for the size of every file. */
const API = '1.4';
const WITHOUT_SIZES = '1.0';

/** The page of a project. Files whose size nobody told make it a page of version 1.0, which asks for no sizes. */
export function projectJson({ name, versions, files }: Project): string {
  const sized = files.every(({ size }) => size !== undefined);
  return JSON.stringify({
    meta: { 'api-version': sized ? API : WITHOUT_SIZES },
    name,
    versions,
    files: files.map(fileMember),
  });
}

/** The list of projects. @param names in normal form */
export function rootJson(names: readonly string[]): string {
  return JSON.stringify({ meta: { 'api-version': API }, projects: names.map((name) => ({ name })) });
}

function fileMember(file: ProjectFile): object {
  const { filename, sha256, size, uploadTime, requiresPython, coreMetadata, yanked } = file;
  return {
    filename,
    url: addressFromPage(file),
    hashes: { sha256 },
    size,
    'upload-time': uploadTime,
    'requires-python': requiresPython,
    'core-metadata': typeof coreMetadata === 'string' ? { sha256: coreMetadata } : coreMetadata,
    yanked,
  };
}
