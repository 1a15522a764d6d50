const UNITS = ['KiB', 'MiB', 'GiB', 'TiB'] as const;

/** A number of bytes for people: `512 B`, `43.1 KiB`, `1.2 GiB`. */
export function sizeText(bytes: number): string {
  if (bytes < 1_024) return `${bytes} B`;
  let value = bytes / 1_024;
  let unit = 0;
  // 1023.95 and above would be printed as 1024.0 of its unit.
  while (value >= 1_023.95 && unit < UNITS.length - 1) {
    value /= 1_024;
    unit += 1;
  }
  return `${value.toFixed(1)} ${UNITS[unit]}`;
}
