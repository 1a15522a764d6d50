/** Amazon's registry: `123456789012.dkr.ecr.eu-west-1.amazonaws.com`. */
const ECR = /^\d{12}\.dkr\.ecr(?:-fips)?\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/;
/** Microsoft's: `contoso.azurecr.io`. */
const ACR = /^([a-z0-9]+)(?:-[a-z0-9]+)?\.azurecr\.(?:io|cn|us)$/;
/** Google's: `europe-west1-docker.pkg.dev`. */
const GAR = /^([a-z0-9-]+)-docker\.pkg\.dev$/;

/** The region of a registry of Amazon's; `undefined` for any other. */
export function amazonRegion(host: string): string | undefined {
  return ECR.exec(host)?.[1];
}

/** The name of a registry of Microsoft's, as its commands want it. */
export function azureName(host: string): string | undefined {
  return ACR.exec(host)?.[1];
}

/** The location of a registry of Google's. */
export function googleLocation(host: string): string | undefined {
  return GAR.exec(host)?.[1];
}

/** Hosts that are surely there and spelled right: where one is not found, the fault is on this side. */
const WELL_KNOWN: readonly string[] = [
  'ghcr.io',
  'registry-1.docker.io',
  'auth.docker.io',
  'quay.io',
  'registry.gitlab.com',
  'gitlab.com',
  'public.ecr.aws',
  'gcr.io',
  'mcr.microsoft.com',
];

/** Whether a host is one that everybody knows, so that its name is no spelling mistake. */
export function isWellKnown(host: string): boolean {
  return WELL_KNOWN.includes(host);
}
