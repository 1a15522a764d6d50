import { type Digest, isDigest } from '../core/digest.js';
import { UserError } from '../core/errors.js';
import { isDeeper } from './nesting.js';

export type Json = null | boolean | number | string | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [member: string]: Json | undefined;
}

export type Annotations = Readonly<Record<string, string>>;

/**
 * What points at content: type, digest, size in bytes. Members we do not know are kept as they are.
 * @see https://github.com/opencontainers/image-spec/blob/v1.1.1/descriptor.md#properties
 */
export interface Descriptor extends JsonObject {
  readonly mediaType: string;
  readonly digest: Digest;
  readonly size: number;
  readonly artifactType?: string;
  readonly annotations?: Annotations;
  readonly platform?: Platform;
}

/** @see https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md#image-index-property-descriptions */
export interface Platform extends JsonObject {
  readonly architecture: string;
  readonly os: string;
}

/** @see https://github.com/opencontainers/image-spec/blob/v1.1.1/manifest.md#image-manifest-property-descriptions */
export interface ImageManifest extends JsonObject {
  readonly schemaVersion: 2;
  readonly mediaType: string;
  readonly artifactType?: string;
  readonly config: Descriptor;
  readonly layers: readonly Descriptor[];
  readonly annotations?: Annotations;
}

/** @see https://github.com/opencontainers/image-spec/blob/v1.1.1/image-index.md#image-index-property-descriptions */
export interface ImageIndex extends JsonObject {
  readonly schemaVersion: 2;
  readonly mediaType: string;
  readonly artifactType?: string;
  readonly manifests: readonly Descriptor[];
  readonly annotations?: Annotations;
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Annotations as the spec has them: an object of strings. Anything else reads as "none". */
export function annotationsOf(value: JsonObject): Annotations {
  const found = value.annotations;
  if (!isObject(found)) return {};
  return Object.fromEntries(
    Object.entries(found).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );
}

/** Levels of arrays and objects. A descriptor that nobody spoilt has two or three; it may come from within a string. */
const DEEPEST = 64;

/**
 * A descriptor out of a document somebody else wrote. The very object is handed on, unknown members and all.
 * @throws UserError naming `where`, if type, digest or size is missing or malformed, or what else it has is nested beyond reason.
 */
export function parseDescriptor(value: unknown, where: string): Descriptor {
  const fault = faultOf(value);
  if (fault !== undefined) throw new UserError(`Cannot read a descriptor of ${where}: it has ${fault}`);
  return value as Descriptor;
}

/** Whether `parseDescriptor` would take it. */
export function isDescriptor(value: unknown): value is Descriptor {
  return faultOf(value) === undefined;
}

function faultOf(value: unknown): string | undefined {
  if (!isObject(value)) return 'not an object';
  if (isDeeper(value, DEEPEST)) return 'members nested beyond reason';
  if (typeof value.mediaType !== 'string') return 'no mediaType';
  if (!isDigest(value.digest)) return 'no sha256 digest';
  const { size } = value;
  return typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 ? undefined : 'no size';
}
