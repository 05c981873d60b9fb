import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  type Configuration,
  discovery,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client';
import { Google, type GoogleChecks, GoogleFailed, type GoogleProfile } from '../../identity/index.js';

const TIMEOUT_SECONDS = 10;

export interface GoogleSettings {
  readonly clientId: string;
  readonly clientSecret: string;
  /** `https://accounts.google.com`; a plain `http:` issuer is for tests on one's own machine. */
  readonly issuer: string;
}

/** Google through OpenID Connect: code flow with PKCE, state and nonce (RFC 9700). Its metadata is fetched once. */
export class OpenIdGoogle extends Google {
  #configuration: Promise<Configuration> | undefined;

  constructor(private readonly settings: GoogleSettings) {
    super();
  }

  override async begin(redirectUri: string): Promise<{ url: string; checks: GoogleChecks }> {
    const configuration = await this.#discovered();
    const checks = { state: randomState(), nonce: randomNonce(), codeVerifier: randomPKCECodeVerifier() };
    const url = buildAuthorizationUrl(configuration, {
      redirect_uri: redirectUri,
      scope: 'openid email',
      state: checks.state,
      nonce: checks.nonce,
      code_challenge: await calculatePKCECodeChallenge(checks.codeVerifier),
      code_challenge_method: 'S256',
      prompt: 'select_account',
    });
    return { url: url.href, checks };
  }

  override async finish(callback: URL, { state, nonce, codeVerifier }: GoogleChecks): Promise<GoogleProfile> {
    const configuration = await this.#discovered();
    const claims = await authorizationCodeGrant(configuration, callback, {
      expectedState: state,
      expectedNonce: nonce,
      pkceCodeVerifier: codeVerifier,
      idTokenExpected: true,
    }).then((tokens) => tokens.claims(), failed);
    if (claims === undefined || typeof claims['email'] !== 'string') throw new GoogleFailed('Google named no address');
    return { googleId: claims.sub, email: claims['email'], emailVerified: claims['email_verified'] === true };
  }

  #discovered(): Promise<Configuration> {
    const { issuer, clientId, clientSecret } = this.settings;
    const execute = issuer.startsWith('http:') ? [allowInsecureRequests] : [];
    this.#configuration ??= discovery(new URL(issuer), clientId, clientSecret, undefined, {
      execute,
      timeout: TIMEOUT_SECONDS,
    }).catch((error: unknown) => {
      this.#configuration = undefined; // fetched again at the next login
      return failed(error);
    });
    return this.#configuration;
  }
}

function failed(error: unknown): never {
  throw new GoogleFailed('the login with Google failed', { cause: error });
}
