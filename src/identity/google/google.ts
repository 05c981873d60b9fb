/** Whom Google says a person is (OpenID Connect Core 1.0, section 5.1). */
export interface GoogleProfile {
  /** `sub`: never changes, and is never given to someone else. */
  readonly googleId: string;
  readonly email: string;
  readonly emailVerified: boolean;
}

/** What a login that was begun must come back with. */
export type GoogleChecks = {
  readonly state: string;
  readonly nonce: string;
  /** Of PKCE (RFC 7636). */
  readonly codeVerifier: string;
};

/** Google did not answer, or what came back is not the answer to what was begun. */
export class GoogleFailed extends Error {
  override readonly name = 'GoogleFailed';
}

/** Google as a provider of OpenID Connect. */
export abstract class Google {
  /** Where to send the browser; it comes back to `redirectUri`. @throws GoogleFailed */
  abstract begin(redirectUri: string): Promise<{ readonly url: string; readonly checks: GoogleChecks }>;

  /** Who came back, by the address that the browser was sent back to. @throws GoogleFailed */
  abstract finish(callback: URL, checks: GoogleChecks): Promise<GoogleProfile>;
}
