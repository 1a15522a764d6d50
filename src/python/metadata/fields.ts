import { groupedBy } from '../../core/grouped.js';
import { type OnProblem, REBUILD, refusal, warning } from '../problem.js';
import type { Header } from './headers.js';

/** Fields that may stand once, the required ones apart. */
const SINGLE = [
  'Summary',
  'Description',
  'Description-Content-Type',
  'Keywords',
  'Home-page',
  'Download-URL',
  'Author',
  'Author-email',
  'Maintainer',
  'Maintainer-email',
  'License',
  'License-Expression',
  'Requires-Python',
] as const;

/** The member that holds it: METADATA in a wheel, PKG-INFO in an sdist. */
export type MetadataMember = 'METADATA' | 'PKG-INFO';

export type SingleField = (typeof SINGLE)[number];
export type RequiredField = 'Metadata-Version' | 'Name' | 'Version';
export type ManyField =
  | 'Project-URL'
  | 'Classifier'
  | 'Requires-Dist'
  | 'Provides-Dist'
  | 'Obsoletes-Dist'
  | 'Provides-Extra'
  | 'Dynamic'
  | 'License-File'
  | 'Import-Name'
  | 'Import-Namespace';
export type AnyField = ManyField | SingleField | RequiredField;

/** The fields of core metadata by name, each read as strictly as it matters. */
export class Fields {
  readonly #byName: ReadonlyMap<string, readonly Header[]>;

  constructor(headers: readonly Header[]) {
    this.#byName = groupedBy(headers, ({ name }) => name);
  }

  /** The names of all fields that are there, in small letters. */
  get names(): readonly string[] {
    return [...this.#byName.keys()];
  }

  all(name: AnyField): readonly Header[] {
    return this.#byName.get(name.toLowerCase()) ?? [];
  }

  /** The one value of a field on which all readers must agree. Reports an error exactly if there is none. */
  required(name: RequiredField, member: MetadataMember, report: OnProblem): string | undefined {
    const [header, ...others] = this.all(name);
    const fault = faultOf(header, others.length);
    if (!header || fault !== undefined) {
      report(refusal(`${name} ${fault}`));
      return undefined;
    }
    if (header.padded) reportPadded(name, member, report);
    return header.value;
  }

  /** The first value, as installers take it. */
  optional(name: SingleField): string | undefined {
    const [header] = this.all(name);
    return header?.utf8 && header.value !== '' && header.value !== 'UNKNOWN' ? header.value : undefined;
  }

  reportDoubled(report: OnProblem): void {
    for (const name of SINGLE) {
      const { length } = this.all(name);
      if (length > 1)
        report(
          warning(`${name} stands ${length} times, the first one counts`, 'leave one of them: twine refuses the file'),
        );
    }
  }
}

/** Some readers leave blanks at the end of a line where they are, others don't. */
function reportPadded(name: RequiredField, member: MetadataMember, report: OnProblem): void {
  const hint = 'remove them from the project file and build again';
  const said = `${name} is followed by blanks`;
  if (name === 'Name') {
    report(refusal(`${said}: ${member === 'METADATA' ? 'pip and uv refuse' : 'uv refuses'} to install it`, hint));
  } else if (name === 'Version') {
    report(warning(said, 'remove them from the project file, strict readers refuse them'));
  } else if (member === 'PKG-INFO') {
    report(refusal(`${said}: uv refuses to install it`, REBUILD));
  }
}

function faultOf(header: Header | undefined, others: number): string | undefined {
  if (!header) return 'is missing';
  if (others > 0) return `stands ${others + 1} times, and readers take different ones`;
  if (!header.utf8) return 'is not UTF-8';
  if (header.folded) return 'goes on over several lines, which readers join differently';
  if (header.value === '') return 'is empty';
  return undefined;
}
