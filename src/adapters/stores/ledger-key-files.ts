// Reads the keys of the ledger from their files, and makes the first one of a ledger that is a file.
import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Config, ConfigurationError, fileOf, isEmbedded } from '../../platform/config.js';
import { LedgerKeys, readPrivateKey } from '../../seals/index.js';

type Named = Pick<Config, 'EVENT_STORE_URL' | 'LEDGER_KEY_FILE'>;

/** The key of a ledger in a file, unless the configuration names another. */
export const keyFileBeside = ({ EVENT_STORE_URL }: Pick<Config, 'EVENT_STORE_URL'>): string =>
  `${fileOf(EVENT_STORE_URL)}.key`;

/**
 * The keys of the ledger; undefined where it is on servers and none are named.
 * @throws ConfigurationError for a file that can't be used
 */
export function openLedgerKeys(config: Named): LedgerKeys | undefined {
  const { LEDGER_KEY_FILE: named } = config;
  if (named !== undefined) return new LedgerKeys(named.split(',').map((file) => readKey(file.trim())));
  if (!isEmbedded(config)) return undefined;
  const file = keyFileBeside(config);
  if (!existsSync(file)) makeKey(file);
  return new LedgerKeys([readKey(file)]);
}

function readKey(file: string): KeyObject {
  try {
    return readPrivateKey(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new ConfigurationError(`LEDGER_KEY_FILE: ${file} ${(cause as Error).message}`, { cause });
  }
}

/** Whole or not at all: two processes that start at once take the same key. */
function makeKey(file: string): void {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
  const draft = `${file}.${randomUUID()}`;
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(draft, pem, { mode: 0o600, flush: true });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}
