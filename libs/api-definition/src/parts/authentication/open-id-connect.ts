import type { FaultList } from '../../fault.js';
import type { CheckedSettings } from '../../yaml/check-settings.js';
import type { OpenIdConnectSettings } from '../../yaml/settings.js';
import type { OpenIdConnectConfig } from './authentication.js';
import { checkPattern } from './check-pattern.js';
import type { ProviderUse } from './provider-use.js';

/** An issuer, with what is not written filled in. As in AppSync, 0 is no time to live. */
export function toOpenIdConnect({ issuer, clientId, iatTTL, authTTL }: OpenIdConnectSettings): OpenIdConnectConfig {
  return { issuer, clientId: clientId ?? null, iatTtlMs: iatTTL || null, authTtlMs: authTTL || null };
}

/** Reports issuers that are no addresses, that others could speak for, or that are named twice, and patterns that are none. */
export function checkIssuers(uses: readonly ProviderUse[], settings: CheckedSettings, faults: FaultList): void {
  const { file } = settings;
  const seen = new Set<string>();
  const userPools = new Set(uses.map(userPoolIssuer));
  for (const { mode, configs, path } of uses) {
    const config = configs.openIDConnectConfig;
    if (mode !== 'OPENID_CONNECT' || !config) continue;
    const at = [...path, 'openIDConnectConfig', 'issuer'];
    const fault = (message: string, hint: string) => faults.add(file.positionOf(at), message, hint);
    checkPattern(config.clientId, [...path, 'openIDConnectConfig', 'clientId'], settings, faults);
    if (file.isOpen(at)) continue;
    // Spelled with a slash at the end or without, it is one issuer, and one of the two would never be asked.
    const issuer = config.issuer.replace(/\/+$/, '');
    if (seen.has(issuer)) fault(`The issuer "${issuer}" is named twice`, 'Name it once');
    seen.add(issuer);
    if (userPools.has(issuer)) fault(`The issuer "${issuer}" is a user pool of the API as well`, 'Name it once');
    checkAddress(config.issuer, fault);
  }
}

function userPoolIssuer({ configs }: ProviderUse): string | undefined {
  const pool = configs.userPoolConfig;
  return pool && `https://cognito-idp.${pool.awsRegion}.amazonaws.com/${pool.userPoolId}`;
}

function checkAddress(issuer: string, fault: (message: string, hint: string) => void): void {
  if (!URL.canParse(issuer)) {
    fault('"issuer" is no address', 'Write it as it stands in the claim iss of its tokens: https://login.example.com');
    return;
  }
  const url = new URL(issuer);
  if (url.username || url.password || /[?#]/.test(issuer)) {
    fault('"issuer" has a user, a query or a fragment', 'Write the address without it');
  }
  // Whoever can answer for the issuer's address can sign tokens; over http that is anybody on the way.
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLocal(url.hostname))) {
    fault('"issuer" is no https address', 'Only an issuer on this machine, http://localhost, can do without');
  }
}

function isLocal(hostname: string): boolean {
  return hostname === 'localhost' || hostname.endsWith('.localhost') || /^(127\.[\d.]+|\[::1\])$/.test(hostname);
}
