/** For a proxy that wants to know who asks. @param variable the one that names it */
export function credentialsCure(proxy: string, variable: string): string {
  return `write them into the environment variable ${variable}: http://user:password@${proxy}`;
}

/** For a proxy that did not get through to `host`. */
export function gatewayCure(proxy: string, host: string): string {
  return `the proxy ${proxy} is in trouble or cannot reach ${host}: check the spelling of the registry, then run again later; if ${host} is to be reached without a proxy, list it in no_proxy`;
}

/** For a proxy that does not let us through to `host`. */
export function passCure(proxy: string, host: string): string {
  return `let the proxy ${proxy} pass ${host}, or list the host in no_proxy`;
}
