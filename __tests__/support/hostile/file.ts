/** A generated file: its base name and its bytes. */
export interface GeneratedFile {
  readonly name: string;
  readonly bytes: Buffer;
}
