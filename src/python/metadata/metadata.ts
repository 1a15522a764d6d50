import { isUtf8 } from 'node:buffer';
import { quoted } from '../archive/archive-error.js';
import { normalName } from '../name.js';
import { bounded, type OnProblem, type Problem, refusal, SAVE_AS_UTF8, warning } from '../problem.js';
import { hugeNumber, parseVersion, type Version } from '../version.js';
import { checkFieldSet } from './field-table.js';
import { Fields, type MetadataMember } from './fields.js';
import { readHeaders } from './headers.js';
import { readLabels } from './label.js';
import { readProjectUrls } from './project-url.js';
import { type Binding, checkRequires } from './requires.js';
import { checkUploadRules } from './upload-rules.js';

/** What we use of a distribution's core metadata. Texts are unfolded and stripped; `UNKNOWN` counts as absent. */
export interface CoreMetadata {
  readonly metadataVersion: string;
  readonly name: string;
  readonly version: string;
  readonly summary: string | undefined;
  readonly requiresPython: string | undefined;
  readonly licenseExpression: string | undefined;
  readonly author: string | undefined;
  readonly authorEmail: string | undefined;
  readonly homePage: string | undefined;
  /** `Project-URL` as ordered pairs of label and URL; of two equal labels only the later. */
  readonly projectUrls: readonly (readonly [label: string, url: string])[];
  /** `PyOCI :: Label :: key :: value` classifiers as ordered pairs; of two equal keys only the later. */
  readonly labels: readonly (readonly [key: string, value: string])[];
}

/** Metadata that can be relied on, with its name and version read. */
export interface Identified {
  readonly metadata: CoreMetadata;
  /** `Name` in normal form. */
  readonly project: string;
  readonly version: Version;
}

/** `identified` is there exactly if no finding is an error. */
export interface MetadataReading {
  readonly identified: Identified | undefined;
  readonly findings: readonly Problem[];
}

const BOM = Buffer.from([0xef, 0xbb, 0xbf]);
/** All there ever were. 2.0 was drafted and written, but never became a standard. */
const KNOWN_VERSIONS = ['1.0', '1.1', '1.2', '2.1', '2.2', '2.3', '2.4', '2.5', '2.6'];
const LATEST = '2.6';
const BINDING_SINCE = '2.2';

/**
 * Reads core metadata: strict where readers would disagree about name or version, lenient about the rest, which real
 * backends get wrong. The description is never decoded.
 *
 * @param bytes the whole member
 * @see https://packaging.python.org/en/latest/specifications/core-metadata/
 */
export function readMetadata(bytes: Buffer, member: MetadataMember): MetadataReading {
  const findings: Problem[] = [];
  const identified = identify(bytes, member, (found) => findings.push(found));
  const failed = findings.some(({ severity }) => severity === 'error');
  return {
    identified: failed ? undefined : identified,
    findings: bounded(findings).map((found) => ({ ...found, message: `${member}: ${found.message}` })),
  };
}

function identify(bytes: Buffer, member: MetadataMember, report: OnProblem): Identified | undefined {
  if (bytes.subarray(0, BOM.length).equals(BOM)) {
    report(refusal('it begins with a byte order mark, behind which installers find no field', SAVE_AS_UTF8));
    return undefined;
  }
  // An sdist need not be readable as a whole: installers build a wheel of it, with metadata of its own.
  if (member === 'METADATA' && !isUtf8(bytes)) {
    report(refusal('it is not UTF-8, so pip cannot install the wheel', SAVE_AS_UTF8));
  }
  const headers = readHeaders(bytes, report);
  const fields = new Fields(headers.fields);
  const required = {
    metadataVersion: metadataVersionOf(fields, member, report),
    name: fields.required('Name', member, report),
    version: fields.required('Version', member, report),
  };
  if (headers.brokenAt !== undefined) {
    const message = `line ${headers.brokenAt} is no field, so that it and all that follows count as description`;
    report(isComplete(required) ? warning(message) : refusal(message));
  }
  const project = required.name === undefined ? undefined : projectOf(required.name, report);
  const version = required.version === undefined ? undefined : versionOf(required.version, report);
  fields.reportDoubled(report);
  checkRequires(fields, bindingOf(member, required.metadataVersion, fields), report);
  if (required.metadataVersion !== undefined && KNOWN_VERSIONS.includes(required.metadataVersion)) {
    checkFieldSet(fields, required.metadataVersion, report);
    checkUploadRules(fields, required.metadataVersion, report);
  }
  if (headers.body && fields.all('Description').length > 0) {
    const message = 'Description stands in the headers and behind them: twine refuses the file';
    report(warning(message, 'build it again with a current build backend, which writes it once: python -m build'));
  }
  const projectUrls = readProjectUrls(fields.all('Project-URL'), report);
  const labels = readLabels(fields.all('Classifier'), report);
  if (!isComplete(required) || project === undefined || version === undefined) return undefined;

  const metadata: CoreMetadata = {
    ...required,
    summary: fields.optional('Summary'),
    requiresPython: fields.optional('Requires-Python'),
    licenseExpression: fields.optional('License-Expression'),
    author: fields.optional('Author'),
    authorEmail: fields.optional('Author-email'),
    homePage: fields.optional('Home-page'),
    projectUrls,
    labels,
  };
  return { metadata, project, version };
}

/**
 * What a wheel says counts. Installers build a wheel of an sdist, and only since version 2.2 are sure to get what it says
 * about itself, `Dynamic` fields apart. uv then reads no more than that.
 * @see https://packaging.python.org/en/latest/specifications/core-metadata/#dynamic-multiple-use
 */
function bindingOf(member: MetadataMember, version: string | undefined, fields: Fields): Binding {
  if (member === 'METADATA') return () => true;
  if (version === undefined || version < BINDING_SINCE) return () => false;
  const dynamic = new Set(fields.all('Dynamic').map(({ text }) => text.toLowerCase()));
  return (field) => !dynamic.has(field.toLowerCase());
}

type RequiredTexts = Pick<CoreMetadata, 'metadataVersion' | 'name' | 'version'>;

function isComplete(texts: { readonly [K in keyof RequiredTexts]: string | undefined }): texts is RequiredTexts {
  return Object.values(texts).every((text) => text !== undefined);
}

function metadataVersionOf(fields: Fields, member: MetadataMember, report: OnProblem): string | undefined {
  const text = fields.required('Metadata-Version', member, report);
  if (text === undefined || KNOWN_VERSIONS.includes(text)) return text;
  if (/^[12]\.[0-9]{1,9}$/.test(text)) {
    const message = `Metadata-Version ${text} is not one of those known (1.0 to ${LATEST}), it is read like ${LATEST}`;
    report(warning(message, 'build it again with a current build backend: twine refuses the file'));
    return text;
  }
  report(refusal(`Metadata-Version ${quoted(text)} is unknown, expected 1.0 to ${LATEST}`));
  return undefined;
}

function projectOf(name: string, report: OnProblem): string | undefined {
  const project = normalName(name);
  const hint = 'name the project with ASCII letters and digits, and . _ - between them, and build again';
  if (project === undefined) report(refusal(`Name ${quoted(name)} is no legal project name`, hint));
  return project;
}

function versionOf(text: string, report: OnProblem): Version | undefined {
  const version = parseVersion(text);
  const hint = 'set a version as PEP 440 has it (1.2.3, 1.2.3rc1, 1.2.3+local) and build again';
  if (version === undefined) report(refusal(`Version ${quoted(text)} is no version`, hint));
  const number = version && hugeNumber(version);
  if (number !== undefined) {
    const message = `Version ${quoted(text)} is refused by uv: it cannot hold the number ${quoted(number)}`;
    report(refusal(message, 'use numbers of 19 digits or fewer and build again'));
  }
  return version;
}
