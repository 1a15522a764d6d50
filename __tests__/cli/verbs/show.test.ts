import { show } from '../../../src/cli/verbs/show.js';
import { lineOf } from '../../support/command.js';

describe('show', () => {
  it('takes an image, with what signs in', () => {
    const line = lineOf(show, ['--username', 'me', '--password-stdin', 'ghcr.io/a/b']);
    expect(line).toMatchObject({ image: 'ghcr.io/a/b', json: false, passwordStdin: true });
    expect(line).toMatchObject({ inputs: { username: 'me', password: '', 'oci-layout': '' } });
  });
});
