import { parsePipConfig, pipOption } from '../../../src/run/serving/pip-config.js';

describe("pip's configuration file", () => {
  it('is read section by section, with values that go on in indented lines', () => {
    const text =
      '# all\n[global]\nIndex_URL: https://a.example/\nextra-index-url =\n  https://b.example/\n  ; not\n  c\n[x]\ny=\n';
    expect([...parsePipConfig(text)].map(([name, values]) => [name, Object.fromEntries(values)])).toEqual([
      ['global', { 'index-url': 'https://a.example/', 'extra-index-url': '\nhttps://b.example/\nc' }],
      ['x', { y: '' }],
    ]);
  });

  it('says more in the section of the command than in that for all', () => {
    const config = parsePipConfig(
      '[global]\nindex-url = https://a.example/\n[install]\nindex-url = https://b.example/\n',
    );
    expect(pipOption(config, 'index-url')).toBe('https://b.example/');
    expect(pipOption(config, 'find-links')).toBeUndefined();
  });
});
