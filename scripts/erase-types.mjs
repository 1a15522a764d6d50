// What jest has TypeScript made into JavaScript by: types become blanks, so that every line and column stays where it is.
// `erasableSyntaxOnly` in tsconfig.json keeps out what is more than a type.
import { createHash } from 'node:crypto';
import { createRequire } from 'node:module';

const { version } = createRequire(import.meta.url)('ts-blank-space/package.json');

/** Loaded for the first file that is not in jest's cache, as the parser behind it is large. */
let erase;

export default {
  async processAsync(source, path) {
    erase ??= (await import('ts-blank-space')).default;
    const code = erase(source, ({ pos }) => {
      const line = source.slice(0, pos + source.slice(pos).search(/\S/)).split('\n').length;
      throw new Error(`Cannot erase the types of ${path}: line ${line} is more than a type`);
    });
    return { code };
  },

  getCacheKey: (source, path, { instrument, configString }) =>
    createHash('sha256').update([version, source, path, instrument, configString].join('\0')).digest('hex'),
};
