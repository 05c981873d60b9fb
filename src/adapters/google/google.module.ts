import { Global, Module } from '@nestjs/common';
import { Google } from '../../identity/index.js';
import { CONFIG, type Config, ConfigurationError } from '../../platform/config.js';

/** Logging in with Google, where that is configured; elsewhere `Google` is undefined. */
@Global()
@Module({
  providers: [{ provide: Google, useFactory: configuredGoogle, inject: [CONFIG] }],
  exports: [Google],
})
export class GoogleModule {}

/** @throws ConfigurationError */
async function configuredGoogle({
  GOOGLE_CLIENT_ID,
  GOOGLE_CLIENT_SECRET,
  GOOGLE_ISSUER,
}: Config): Promise<Google | undefined> {
  if (GOOGLE_CLIENT_ID === undefined && GOOGLE_CLIENT_SECRET === undefined) return undefined;
  if (GOOGLE_CLIENT_ID === undefined || GOOGLE_CLIENT_SECRET === undefined) {
    throw new ConfigurationError('Logging in with Google needs both GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET.');
  }
  const { OpenIdGoogle } = await import('./openid-google.js');
  return new OpenIdGoogle({ clientId: GOOGLE_CLIENT_ID, clientSecret: GOOGLE_CLIENT_SECRET, issuer: GOOGLE_ISSUER });
}
