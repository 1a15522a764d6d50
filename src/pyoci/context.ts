import type { Annotations } from '../oci/descriptor.js';

/** What the documents say beyond the files themselves. One for the whole job. */
export interface DocumentContext {
  /** RFC 3339, seconds, `Z`; one for the whole run. */
  readonly created: string;
  readonly annotations: AnnotationChoice;
  /** The run of the workflow; `undefined` outside Actions. */
  readonly run: Run | undefined;
}

/** Which annotations go where besides PyOCI's own. */
export interface AnnotationChoice {
  readonly manifest: Annotations;
  readonly index: Annotations;
  /** Whether title, version, description and so on are written. */
  readonly defaults: boolean;
}

export interface Run {
  /** Survives re-runs. */
  readonly id: string;
  /** `https://github.com/OWNER/REPO`. */
  readonly repositoryUrl: string;
  /** The commit. */
  readonly revision: string | undefined;
}
