/** Which packages are looked for: by name, by the names of their files, by annotations. Pure. */
import { UsageError } from '../../core/errors.js';
import { isMatch } from '../../core/text/glob.js';
import type { PackageFacts } from './package-facts.js';

export interface Criteria {
  /** A part of the name, or a pattern of it. */
  readonly term: string | undefined;
  readonly labels: readonly LabelCriterion[];
  /** Patterns of file names, of which one must fit. */
  readonly files: readonly string[];
}

export interface LabelCriterion {
  readonly key: string;
  /** A pattern; `undefined` where the key alone is asked for. */
  readonly value: string | undefined;
}

/** `KEY`, or `KEY=VALUE` with a pattern for VALUE. @throws UsageError without a key */
export function parseLabel(text: string): LabelCriterion {
  const [, key = '', value] = /^([^=]*)(?:=(.*))?$/s.exec(text.trim()) ?? [];
  if (key.trim() === '') throw new UsageError(`found "${text}", expected KEY or KEY=VALUE`);
  return { key: key.trim(), value: value?.trim() };
}

/** Whether a name is worth a request. Case, dashes, dots and underscores make no difference, as with projects. */
export function isNamed(repository: string, { term }: Pick<Criteria, 'term'>): boolean {
  if (term === undefined) return true;
  const plain = (text: string): string => text.toLowerCase().replace(/[-_.]+/g, '_');
  const [name, wanted] = [plain(repository.split('/').at(-1) ?? ''), plain(term)];
  return /[*?]/.test(wanted) ? isMatch(name, wanted) : name.includes(wanted);
}

export function isMeant({ files, annotations }: PackageFacts, criteria: Criteria): boolean {
  const filed = !criteria.files.length || criteria.files.some((glob) => files.some((file) => isMatch(file, glob)));
  return (
    filed &&
    criteria.labels.every(({ key, value }) => {
      const found = annotations[key];
      return found !== undefined && (value === undefined || isMatch(found, value));
    })
  );
}
