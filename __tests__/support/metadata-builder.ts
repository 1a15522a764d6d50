/** The core metadata of a distribution that a test builds. */
export interface MetadataOptions {
  readonly name?: string;
  readonly version?: string;
  readonly metadataVersion?: string;
  readonly summary?: string;
  /** `Project-URL` in order: label to URL. */
  readonly urls?: Readonly<Record<string, string>>;
  readonly classifiers?: readonly string[];
  /** Whole header lines, put after all others. */
  readonly headers?: readonly string[];
  readonly body?: string;
  /** The whole text; all of the above is then ignored here (name and version still name the file). */
  readonly metadata?: string | Buffer;
}

export function metadataText(options: MetadataOptions): Buffer {
  if (options.metadata !== undefined) return Buffer.from(options.metadata);
  const lines = [
    `Metadata-Version: ${options.metadataVersion ?? '2.1'}`,
    `Name: ${options.name ?? 'foo'}`,
    `Version: ${options.version ?? '1.0'}`,
    ...(options.summary === undefined ? [] : [`Summary: ${options.summary}`]),
    ...Object.entries(options.urls ?? {}).map(([label, url]) => `Project-URL: ${label}, ${url}`),
    ...(options.classifiers ?? []).map((classifier) => `Classifier: ${classifier}`),
    ...(options.headers ?? []),
  ];
  return Buffer.from(`${lines.join('\n')}\n\n${options.body ?? ''}`);
}

/** A project name as it stands in the file names of today's backends. */
export function nameInFile(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '_');
}
