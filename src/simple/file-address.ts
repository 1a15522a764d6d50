/** The address of a file below the root of the index, which holds its hash, so that it never means anything else. */

/** Where a file is: its SHA-256 in hex, and its name. */
export interface FileAddress {
  readonly sha256: string;
  readonly filename: string;
}

/** From a project's page, which is two folders deep. The name is the last segment: pip takes it from there. */
export function addressFromPage({ sha256, filename }: FileAddress): string {
  return `../../files/${sha256}/${encodeURIComponent(filename)}`;
}
