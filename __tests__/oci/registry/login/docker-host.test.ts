import {
  answeringHost,
  helperKeyOf,
  isKeyOf,
  isWithin,
  loginCommand,
  pathOfKey,
} from '../../../../src/oci/registry/login/docker-host.js';

describe('an entry of the Docker config file', () => {
  it.each([
    ['ghcr.io', 'ghcr.io'],
    ['GHCR.io', 'ghcr.io'],
    ['https://ghcr.io', 'ghcr.io'],
    ['https://ghcr.io/', 'ghcr.io'],
    ['https://ghcr.io/v1/', 'ghcr.io'],
    ['https://ghcr.io/v2/', 'ghcr.io'],
    ['http://localhost:5000', 'localhost:5000'],
    ['localhost:5000', 'localhost:5000'],
    ['[::1]:5000', '[::1]:5000'],
    ['https://index.docker.io/v1/', 'docker.io'],
    ['docker.io', 'index.docker.io'],
    ['https://index.docker.io/v1/', 'registry-1.docker.io'],
  ])('named %s is for %s', (key, host) => {
    expect(isKeyOf(key, host)).toBe(true);
  });

  it.each([
    ['ghcr.io.evil.example', 'ghcr.io'],
    ['evil-ghcr.io', 'ghcr.io'],
    ['evil.ghcr.io', 'ghcr.io'],
    ['ghcr.io', 'evil.ghcr.io'],
    ['ghcr.io', 'ghcr.io.evil.example'],
    ['ghcrXio', 'ghcr.io'],
    ['https://ghcr.io@evil.example', 'ghcr.io'],
    ['https://ghcr.io@evil.example', 'evil.example'],
    ['https://user@ghcr.io', 'ghcr.io'],
    ['https://evil.example/ghcr.io', 'ghcr.io'],
    ['https://evil.example#ghcr.io', 'ghcr.io'],
    ['ghcr.io/owner', 'ghcr.io'],
    ['ghcr.io:443', 'ghcr.io'],
    ['ghcr.io', 'ghcr.io:443'],
    ['localhost', 'localhost:5000'],
    ['ftp://ghcr.io', 'ghcr.io'],
    ['ghcr.io ', 'ghcr.io'],
    ['ghcr.io\nevil.example', 'ghcr.io'],
    ['', 'ghcr.io'],
    ['docker.io.evil.example', 'docker.io'],
    ['auth.docker.io', 'docker.io'],
  ])('named %j is not for %s', (key, host) => {
    expect(isKeyOf(key, host)).toBe(false);
  });

  it('is asked of a helper as docker login stored it', () => {
    expect(helperKeyOf('ghcr.io')).toBe('ghcr.io');
    expect(helperKeyOf('docker.io')).toBe('https://index.docker.io/v1/');
  });
});

describe('an entry that podman limits to a path', () => {
  it.each([
    ['quay.io/owner', 'quay.io', 'owner'],
    ['quay.io/owner/demo', 'quay.io', 'owner/demo'],
    ['QUAY.io/a/b_c/d-e.f/g__h', 'quay.io', 'a/b_c/d-e.f/g__h'],
    ['localhost:5000/owner', 'localhost:5000', 'owner'],
    ['[::1]:5000/owner', '[::1]:5000', 'owner'],
    ['docker.io/owner/demo', 'registry-1.docker.io', 'owner/demo'],
  ])('named %s is for %s and the path %s', (key, host, path) => {
    expect(pathOfKey(key, host)).toBe(path);
  });

  it.each([
    ['quay.io', 'quay.io'],
    ['quay.io/', 'quay.io'],
    ['https://quay.io/v1/', 'quay.io'],
    ['quay.io/v2', 'quay.io'],
    ['https://quay.io/owner', 'quay.io'],
    ['quay.io.evil.example/owner', 'quay.io'],
    ['evil.example/quay.io/owner', 'quay.io'],
    ['user@quay.io/owner', 'quay.io'],
    ['quay.io/../owner', 'quay.io'],
    ['quay.io//owner', 'quay.io'],
    ['quay.io/owner/', 'quay.io'],
    ['quay.io/Owner', 'quay.io'],
    ['quay.io/owner?x', 'quay.io'],
    ['quay.io/owner\n', 'quay.io'],
    ['quay.io:443/owner', 'quay.io'],
    ['quay.io/owner', 'quay.io:443'],
    ['localhost/owner', 'localhost:5000'],
  ])('is not what %j is for %s', (key, host) => {
    expect(pathOfKey(key, host)).toBeUndefined();
  });

  it.each([
    ['owner/demo', 'owner', true],
    ['owner/demo', 'owner/demo', true],
    ['owner/demo/x', 'owner/demo', true],
    ['owner-x/demo', 'owner', false],
    ['owner', 'owner/demo', false],
    ['owner/demonstration', 'owner/demo', false],
  ])('is for %s by the path %s: %s', (repository, path, within) => {
    expect(isWithin(repository, path)).toBe(within);
  });
});

describe("Docker Hub's names for itself", () => {
  it.each(['docker.io', 'index.docker.io', 'Docker.io', 'registry-1.docker.io'])('%s: one registry answers', (host) => {
    expect(answeringHost(host)).toBe('registry-1.docker.io');
    expect(loginCommand(host)).toBe('docker login');
  });

  it.each(['ghcr.io', 'docker.io.example.com', 'auth.docker.io', 'docker.io:5000'])('%s is none of them', (host) => {
    expect(answeringHost(host)).toBe(host);
    expect(loginCommand(host)).toBe(`docker login ${host}`);
  });
});
