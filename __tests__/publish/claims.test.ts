import { noteClaims } from '../../src/publish/claims.js';
import { demoSdist, demoWheel, IN_A_RUN, WITH_DEFAULTS } from '../pyoci/documents.js';
import { KeptLog } from '../support/ports.js';

const KEY = 'org.opencontainers.image';

function notices(labels: readonly (readonly [string, string])[], context = IN_A_RUN): readonly string[] {
  const log = new KeptLog();
  const [one, other] = [demoSdist({ labels }), demoWheel({ labels })];
  const { project, version } = one;
  noteClaims({ versions: [{ project, version, files: [one, other] }], context }, log);
  return log.lines;
}

describe('the notices about labels', () => {
  it('name the keys that were left out once, however many files have them', () => {
    const labels = [
      [`${KEY}.title`, '../../evil'],
      ['com.pyoci.x', '1'],
      [`${KEY}.url`, 'javascript:1'],
    ] as const;
    expect(notices(labels)).toEqual([
      `notice demo: labels that only the publisher sets were left out: ${KEY}.title, com.pyoci.x`,
      `notice demo: labels that must be http or https URLs, and are not, were left out: ${KEY}.url`,
    ]);
  });

  it('name a source that is not the repository of the run', () => {
    const labels = [[`${KEY}.source`, 'https://github.com/evil/demo']] as const;
    expect(notices(labels)).toEqual([
      'notice demo: its labels name https://github.com/evil/demo as the source, but this run belongs to https://github.com/octo/demo',
    ]);
    expect(notices(labels, WITH_DEFAULTS)).toEqual([]);
  });

  it.each(['https://github.com/octo/demo', 'https://github.com/Octo/Demo.git', 'https://github.com/octo/demo/'])(
    'say nothing of the repository of the run, however it is written: %p',
    (source) => expect(notices([[`${KEY}.source`, source]])).toEqual([]),
  );
});
