import type { Credentials } from '../../../../src/oci/registry/login/credentials.js';
import { Identity, type Instead } from '../../../../src/oci/registry/sign-in/identity.js';
import { KeptLog } from '../../../support/ports.js';

const basic = (password: string): Credentials => ({ kind: 'basic', username: 'u', password, source: 'the test' });

function identity(options: { readonly instead?: Instead; readonly renew?: Instead }, credentials = basic('old')) {
  const masked: string[] = [];
  const masker = { mask: (secret: string) => void masked.push(secret) };
  return { masked, who: new Identity({ credentials, host: 'r', log: new KeptLog(), masker, ...options }) };
}

describe('credentials that are refused', () => {
  it('are replaced once, unless they were taken before', async () => {
    const { who, masked } = identity({ instead: async () => basic('token') });
    expect(await who.refused(who.credentials)).toBe(true);
    expect(who.credentials).toEqual(basic('token'));
    expect(await who.refused(who.credentials)).toBe(false);
    expect(masked).toContain('token');
    const { who: proven } = identity({ instead: async () => basic('token') });
    proven.proven();
    expect(await proven.refused(proven.credentials)).toBe(false);
  });

  it('are read again as often as they have changed, also after they were taken', async () => {
    let kept = 'old';
    let reads = 0;
    const renew: Instead = async (refused) => {
      reads += 1;
      return refused.kind === 'basic' && refused.password === kept ? undefined : basic(kept);
    };
    const { who } = identity({ renew });
    who.proven();
    expect(await who.refused(who.credentials)).toBe(false);
    for (const next of ['new', 'newer']) {
      kept = next;
      const refused = who.credentials;
      expect(await Promise.all([who.refused(refused), who.refused(refused)])).toEqual([true, true]);
      expect(who.credentials).toEqual(basic(next));
      // Somebody who learns late that the old ones were refused has the new ones by now.
      expect(await who.refused(refused)).toBe(true);
    }
    expect(reads).toBe(3);
  });

  it('are nothing to read again where there were none', async () => {
    const { who } = identity({ renew: async () => basic('new') }, { kind: 'anonymous' });
    expect(await who.refused(who.credentials)).toBe(false);
  });
});
