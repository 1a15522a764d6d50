import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { type MetadataOptions, metadataText, nameInFile } from './metadata-builder.js';
import { gnuLong, pax, type TarMember, tar } from './tar-builder.js';
import { type ZipEntry, type ZipFrame, zip } from './zip-builder.js';

export * from './metadata-builder.js';
export * from './tar-builder.js';
export * from './zip-builder.js';

export interface WheelOptions extends MetadataOptions {
  /** `py3-none-any` unless given; atoms joined by dots are expanded in WHEEL. */
  readonly tag?: string;
  readonly build?: string;
  /** Files beside the dist-info folder: path to content. One small module unless given. */
  readonly files?: Readonly<Record<string, string | Buffer>>;
  /** `foo-1.0.dist-info` unless given. */
  readonly distInfo?: string;
  /** METADATA as the first or as the last member but RECORD; last unless given. */
  readonly metadataAt?: 'first' | 'last';
  /** Deflated unless `false`. */
  readonly deflate?: boolean;
  /** Members left out, by their name in the dist-info folder. */
  readonly without?: readonly ('METADATA' | 'RECORD' | 'WHEEL')[];
  /** Paths that RECORD does not list though the wheel holds them. */
  readonly unlisted?: readonly string[];
  /** Members added as they are, in front of all others. */
  readonly entries?: readonly ZipEntry[];
  readonly frame?: ZipFrame;
  /** The file name, if it is not to follow from name, version, build and tag. */
  readonly filename?: string;
}

export interface SdistOptions extends MetadataOptions {
  /** How members are framed; `pax` as most backends write unless given. */
  readonly format?: 'pax' | 'gnu' | 'ustar';
  readonly pkgInfoAt?: 'first' | 'middle' | 'last';
  /** `foo-1.0` unless given. */
  readonly top?: string;
  /** Paths below the top folder to content. */
  readonly files?: Readonly<Record<string, string | Buffer>>;
  readonly filename?: string;
}

/** The bytes of a wheel that every installer takes, except for what the options spoil. */
export function aWheel(options: WheelOptions = {}): Buffer {
  return zip(wheelEntries(options), options.frame);
}

/** The members of such a wheel, for tests that add to them. */
export function wheelEntries(options: WheelOptions = {}): ZipEntry[] {
  const name = nameInFile(options.name ?? 'foo');
  const distInfo = options.distInfo ?? `${name}-${options.version ?? '1.0'}.dist-info`;
  const deflate = options.deflate ?? true;
  const entry = (path: string, data: string | Buffer): ZipEntry => ({ name: path, data: Buffer.from(data), deflate });
  const wanted = (member: 'METADATA' | 'RECORD' | 'WHEEL') => !options.without?.includes(member);

  const metadata = wanted('METADATA') ? [entry(`${distInfo}/METADATA`, metadataText(options))] : [];
  const wheel = wanted('WHEEL') ? [entry(`${distInfo}/WHEEL`, wheelText(options))] : [];
  const files = Object.entries(options.files ?? { [`${name}/__init__.py`]: '"""A module."""\n' }).map(([path, data]) =>
    entry(path, data),
  );
  const before = options.metadataAt === 'first' ? [...metadata, ...files, ...wheel] : [...files, ...wheel, ...metadata];
  const members = [...(options.entries ?? []), ...before];
  if (wanted('RECORD')) members.push(entry(`${distInfo}/RECORD`, recordText(members, distInfo, options.unlisted)));
  return members;
}

function wheelText(options: WheelOptions): string {
  const [pythons = '', abis = '', platforms = ''] = (options.tag ?? 'py3-none-any').split('-');
  const tags = pythons
    .split('.')
    .flatMap((python) => abis.split('.').flatMap((abi) => platforms.split('.').map((os) => `${python}-${abi}-${os}`)));
  const head = ['Wheel-Version: 1.0', 'Generator: builders', `Root-Is-Purelib: ${abis === 'none'}`];
  return `${[...head, ...(options.build ? [`Build: ${options.build}`] : []), ...tags.map((tag) => `Tag: ${tag}`)].join('\n')}\n`;
}

function recordText(members: readonly ZipEntry[], distInfo: string, unlisted: readonly string[] = []): string {
  const rows = members
    .filter((member) => !String(member.name).endsWith('/') && !unlisted.includes(String(member.name)))
    .map((member) => {
      const data = Buffer.from(member.data ?? '');
      return `${quoted(String(member.name))},sha256=${createHash('sha256').update(data).digest('base64url')},${data.length}`;
    });
  return `${[...rows, `${distInfo}/RECORD,,`].join('\n')}\n`;
}

function quoted(field: string): string {
  return /[",\r\n]/.test(field) ? `"${field.replaceAll('"', '""')}"` : field;
}

/** The bytes of an sdist as a current backend builds it, except for what the options spoil. */
export function anSdist(options: SdistOptions = {}): Buffer {
  return gzipSync(tar(sdistMembers(options)));
}

/** The members of such an sdist, folders included, extension headers in front of the member they belong to. */
export function sdistMembers(options: SdistOptions = {}): TarMember[] {
  const top = options.top ?? `${nameInFile(options.name ?? 'foo')}-${options.version ?? '1.0'}`;
  const files = Object.entries(options.files ?? { 'pyproject.toml': '[build-system]\n', 'src/foo.py': 'x = 1\n' });
  const before = { first: 0, middle: Math.ceil(files.length / 2), last: files.length }[options.pkgInfoAt ?? 'last'];
  const all: [string, string | Buffer][] = [...files];
  all.splice(before, 0, ['PKG-INFO', metadataText(options)]);
  const folder: TarMember = { name: `${top}/`, type: '5', mode: 0o755, ...formatOf(options) };
  return [folder, ...all.flatMap(([path, data]) => sdistMember(`${top}/${path}`, data, options))];
}

function sdistMember(name: string, data: string | Buffer, options: SdistOptions): TarMember[] {
  const member: TarMember = { name, data, ...formatOf(options) };
  const long = Buffer.byteLength(name) > 100;
  switch (options.format ?? 'pax') {
    case 'pax':
      return [pax({ mtime: '315532800.25', ...(long && { path: name }) }), member];
    case 'gnu':
      return long ? [gnuLong(name), member] : [member];
    case 'ustar': {
      const cut = long ? name.lastIndexOf('/', 155) : -1;
      return [cut < 0 ? member : { ...member, prefix: name.slice(0, cut), name: name.slice(cut + 1) }];
    }
  }
}

function formatOf(options: SdistOptions): { readonly format: 'gnu' | 'ustar' } {
  return { format: options.format === 'gnu' ? 'gnu' : 'ustar' };
}

/** The file name that belongs to a wheel of these options. */
export function wheelName(options: WheelOptions = {}): string {
  const build = options.build === undefined ? '' : `-${options.build}`;
  const name = nameInFile(options.name ?? 'foo');
  return options.filename ?? `${name}-${options.version ?? '1.0'}${build}-${options.tag ?? 'py3-none-any'}.whl`;
}

export function sdistName(options: SdistOptions = {}): string {
  return options.filename ?? `${nameInFile(options.name ?? 'foo')}-${options.version ?? '1.0'}.tar.gz`;
}

/** Writes such a wheel into `dir` under its file name. Resolves to the path. */
export async function wheelFile(dir: string, options: WheelOptions = {}): Promise<string> {
  const path = join(dir, wheelName(options));
  await writeFile(path, aWheel(options));
  return path;
}

/** Writes such an sdist into `dir` under its file name. Resolves to the path. */
export async function sdistFile(dir: string, options: SdistOptions = {}): Promise<string> {
  const path = join(dir, sdistName(options));
  await writeFile(path, anSdist(options));
  return path;
}
