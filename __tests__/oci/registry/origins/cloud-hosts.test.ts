import {
  amazonRegion,
  azureName,
  googleLocation,
  isWellKnown,
} from '../../../../src/oci/registry/origins/cloud-hosts.js';

describe('the registry of a cloud', () => {
  it.each([
    ['123456789012.dkr.ecr.eu-west-1.amazonaws.com', ['eu-west-1', undefined, undefined]],
    ['123456789012.dkr.ecr-fips.us-east-1.amazonaws.com', ['us-east-1', undefined, undefined]],
    ['123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn', ['cn-north-1', undefined, undefined]],
    ['contoso.azurecr.io', [undefined, 'contoso', undefined]],
    ['europe-west1-docker.pkg.dev', [undefined, undefined, 'europe-west1']],
    ['europe-docker.pkg.dev', [undefined, undefined, 'europe']],
    ['registry.example', [undefined, undefined, undefined]],
    ['dkr.ecr.eu-west-1.amazonaws.com', [undefined, undefined, undefined]],
    ['contoso.azurecr.io.example', [undefined, undefined, undefined]],
    ['x.contoso.azurecr.io', [undefined, undefined, undefined]],
  ])('is known by its host: %s', (host, expected) => {
    expect([amazonRegion(host), azureName(host), googleLocation(host)]).toEqual(expected);
  });

  it.each([
    ['ghcr.io', true],
    ['registry-1.docker.io', true],
    ['ghrc.io', false],
    ['contoso.azurecr.io', false],
  ])('may be one that everybody knows: %s', (host, known) => {
    expect(isWellKnown(host)).toBe(known);
  });
});
