/** As much of DER as a certificate needs. @see https://www.itu.int/rec/T-REC-X.690 */

export const sequence = (...parts: readonly Buffer[]): Buffer => value(0x30, ...parts);
export const set = (...parts: readonly Buffer[]): Buffer => value(0x31, ...parts);
/** A value below an explicit tag of its context, such as `[0]`. */
export const contextual = (tag: number, ...parts: readonly Buffer[]): Buffer => value(0xa0 | tag, ...parts);
/** A string of bits of which none is left over. */
export const bitString = (bits: Buffer): Buffer => value(0x03, Buffer.of(0), bits);
/** ASCII: a UTF8String unless `tag` says otherwise. */
export const text = (content: string, tag = 0x0c): Buffer => value(tag, Buffer.from(content, 'latin1'));

/** @param number from 0 to 127 */
export const integer = (number: number): Buffer => value(0x02, Buffer.of(number));

/** A time to the second, in the form for years up to 2049. */
export function utcTime(time: Date): Buffer {
  return text(`${time.toISOString().slice(2, 19).replace(/\D/g, '')}Z`, 0x17);
}

/** @param dotted such as `2.5.4.3` */
export function objectId(dotted: string): Buffer {
  const [first = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return value(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

/** An extension of a certificate that need not be understood. */
export function extension(dotted: string, content: Buffer): Buffer {
  return sequence(objectId(dotted), value(0x04, content));
}

/** Seven bits a byte, all but the last with the eighth set. */
function base128(number: number): number[] {
  const bytes = [number & 0x7f];
  for (let rest = number >>> 7; rest > 0; rest >>>= 7) bytes.unshift((rest & 0x7f) | 0x80);
  return bytes;
}

function value(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  return Buffer.concat([Buffer.of(tag), length(content.length), content]);
}

function length(bytes: number): Buffer {
  if (bytes < 0x80) return Buffer.of(bytes);
  return bytes < 0x100 ? Buffer.of(0x81, bytes) : Buffer.of(0x82, bytes >>> 8, bytes & 0xff);
}
