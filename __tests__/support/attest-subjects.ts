/**
 * The subjects that actions/attest finds in a file of checksums, by its rules: records end as lines do on its machine;
 * hex up to the first blank, a flag that is a blank or `*`, and all the rest is the name. A record without a blank is
 * passed over.
 * @throws Error where it fails
 */
export function subjectsOf(checksums: string, lineEnd: string): readonly string[] {
  const records = checksums.split(lineEnd).filter((record) => record.includes(' '));
  return records.map((record) => {
    const [, digest = '', name = ''] = /^([^ ]*) [ *]?(.*)$/s.exec(record) ?? [];
    if (/^[0-9a-f]{64}$/i.test(digest)) return `${digest} ${name}`;
    throw new Error(`Cannot attest: "${digest}" is no digest`);
  });
}
