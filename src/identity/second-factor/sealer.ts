// Secrets that must be read again, such as those of second factors. They are encrypted: reading the store is not enough to use them.
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config, ConfigurationError } from '../../platform/config.js';
import { whatIsReal } from '../../platform/reality.js';

const IV_BYTES = 12;
const TAG_BYTES = 16;

/** Used where PEOPLE_SECRET is not set, for trying token-hub on one's own machine. It protects nothing. */
const DEVELOPMENT_SECRET = 'token-hub development: set PEOPLE_SECRET';

/** AES-256-GCM (NIST SP 800-38D) under keys derived from PEOPLE_SECRET, one for each purpose (HKDF, RFC 5869). */
@Injectable()
export class Sealer {
  readonly #secret: string;

  /** @throws ConfigurationError */
  constructor(@Inject(CONFIG) config: Partial<Config>) {
    const { PEOPLE_SECRET } = config;
    const [real] = whatIsReal(config);
    if (PEOPLE_SECRET === undefined && real !== undefined) {
      throw new ConfigurationError(
        `PEOPLE_SECRET is not set: it must encrypt the secrets of second factors, as this is real (${real}). Make one with "openssl rand -base64 32", and keep it.`,
      );
    }
    this.#secret = PEOPLE_SECRET ?? DEVELOPMENT_SECRET;
  }

  /** `context` names what the secret belongs to; it can be opened with the same context only. */
  seal(purpose: string, context: string, text: string): string {
    const iv = randomBytes(IV_BYTES);
    const cipher = createCipheriv('aes-256-gcm', this.#keyOf(purpose), iv).setAAD(Buffer.from(context));
    const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
    return Buffer.concat([iv, cipher.getAuthTag(), sealed]).toString('base64url');
  }

  /** Undefined if it was sealed under another secret, purpose or context, or was altered. */
  open(purpose: string, context: string, sealed: string): string | undefined {
    const bytes = Buffer.from(sealed, 'base64url');
    try {
      const decipher = createDecipheriv('aes-256-gcm', this.#keyOf(purpose), bytes.subarray(0, IV_BYTES))
        .setAAD(Buffer.from(context))
        .setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES));
      return Buffer.concat([decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES)), decipher.final()]).toString('utf8');
    } catch {
      return undefined;
    }
  }

  #keyOf(purpose: string): Buffer {
    return Buffer.from(hkdfSync('sha256', this.#secret, '', `token-hub/${purpose}`, 32));
  }
}
