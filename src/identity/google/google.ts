/** Whom Google says a person is (OpenID Connect Core 1.0, section 5.1). */
export interface GoogleProfile {
  /** `sub`: never changes, and Google never gives it to another user. */
  readonly googleId: string;
  readonly email: string;
  readonly emailVerified: boolean;
}

/** What a login must come back with. */
export type GoogleChecks = {
  readonly state: string;
  readonly nonce: string;
  /** Of PKCE (RFC 7636). */
  readonly codeVerifier: string;
};

/** Google did not answer, or its answer does not belong to the login. */
export class GoogleFailed extends Error {
  override readonly name = 'GoogleFailed';
}

/** Google as a provider of OpenID Connect. */
export abstract class Google {
  /** Where to send the browser, which Google sends back to `redirectUri`. @throws GoogleFailed */
  abstract begin(redirectUri: string): Promise<{ readonly url: string; readonly checks: GoogleChecks }>;

  /** Who came back, read from the URL that Google sent the browser to. @throws GoogleFailed */
  abstract finish(callback: URL, checks: GoogleChecks): Promise<GoogleProfile>;
}
