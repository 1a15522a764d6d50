import { quoted } from '../archive/archive-error.js';
import { type OnProblem, warning } from '../problem.js';
import { faultFinding, uploadFinding } from './fault-report.js';
import type { Fields } from './fields.js';
import type { Fault } from './grammar/fault.js';
import { readRequirement } from './grammar/requirement.js';
import { repairedSpecifiers } from './grammar/specifier-repair.js';
import { specifiersFault } from './grammar/specifiers.js';
import { withoutSpace } from './grammar/white-space.js';
import type { Header } from './headers.js';

/** Whether installers are sure to get a field as it stands here. */
export type Binding = (field: 'Requires-Dist' | 'Requires-Python') => boolean;

/** What a distribution asks for: other projects, and a Python. pip and uv read both before they install anything. */
export function checkRequires(fields: Fields, binding: Binding, report: OnProblem): void {
  for (const header of fields.all('Requires-Dist')) checkRequirement(header, binding('Requires-Dist'), report);
  const [python] = fields.all('Requires-Python');
  if (python) checkPython(withoutSpace(python.text), binding('Requires-Python'), report);
  for (const field of ['Provides-Dist', 'Obsoletes-Dist'] as const) {
    for (const { text } of fields.all(field)) {
      const { fault, direct } = readRequirement(text);
      const cause = fault?.by === 'pip' ? fault.cause : direct ? 'it names a URL' : undefined;
      if (cause !== undefined) report(uploadFinding(field, text, 'PyPI', cause));
    }
  }
}

function checkRequirement({ text }: Header, binding: boolean, report: OnProblem): void {
  const { fault, direct } = readRequirement(text);
  if (fault) {
    report(faultFinding('Requires-Dist', text, fault, binding));
  } else if (direct) {
    const message = `Requires-Dist ${quoted(text)} names a URL: from an index uv takes it only if the user names it too`;
    report(warning(`${message}, and PyPI refuses the file`, 'require a version of the project instead'));
  }
}

/** pip passes over one that it cannot read, with a warning. uv does not, but it repairs some. */
function checkPython(text: string, binding: boolean, report: OnProblem): void {
  const fault = specifiersFault(text);
  // A comma at the end is one of the things that uv repairs here.
  const toRepair = fault !== undefined || text.endsWith(',');
  if (toRepair && text !== 'UNKNOWN' && repairedSpecifiers(text) === undefined) {
    const found: Fault = fault ?? { by: 'uv', cause: 'a comma ends it' };
    report(faultFinding('Requires-Python', text, { ...found, by: 'uv' }, binding));
  } else if (fault?.by === 'pip') {
    const message = `Requires-Python ${quoted(text)} is passed over by pip and refused by twine: ${fault.cause}`;
    report(warning(message, `${fault.cure ?? 'correct it'} in the project file and build again`));
  }
}
