// Reads the keys of the ledger from their files, and makes the first one of a ledger that is a file.
import { generateKeyPairSync, type KeyObject, randomUUID } from 'node:crypto';
import { existsSync, linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { type Config, ConfigurationError, fileOf, isEmbedded } from '../../platform/config.js';
import { type EventStore, START } from '../../event-store/index.js';
import { EventMacs, LedgerKeys, readLedgerKey, SEALS_STREAM } from '../../seals/index.js';
import { makeFolderSync } from '../make-folder.js';

type Named = Pick<Config, 'EVENT_STORE_URL' | 'LEDGER_KEY_FILE'>;
type Store = Pick<EventStore, 'readAll' | 'readStream'>;

/** The key of a ledger in a file, unless the configuration names another. */
export const keyFileBeside = ({ EVENT_STORE_URL }: Pick<Config, 'EVENT_STORE_URL'>): string =>
  `${fileOf(EVENT_STORE_URL)}.key`;

/**
 * The keys of the ledger; undefined where it is on servers and none are named.
 * @throws ConfigurationError for a file that can't be used, and where the key beside a ledger is not the one that its events are by: a new one
 * takes over only where it is named
 */
export async function openLedgerKeys(config: Named, store: Store): Promise<LedgerKeys | undefined> {
  const { LEDGER_KEY_FILE: named } = config;
  if (named !== undefined) return keysIn(named.split(',').map((file) => file.trim()));
  if (!isEmbedded(config)) return undefined;
  const file = keyFileBeside(config);
  const used = await firstKeyOf(store);
  if (!existsSync(file)) {
    if (used !== undefined) refuseKey(config, used, 'is not there');
    makeKey(file);
  }
  const keys = new LedgerKeys([readKey(file)]);
  if (used !== undefined && used !== keys.newest.mac.id) refuseKey(config, used, 'is another one');
  return keys;
}

/** The id of the key of the first checkpoint; before there is one, of the first event. Undefined for a ledger that never had a key. */
async function firstKeyOf(store: Store): Promise<string | undefined> {
  const [sealed] = await store.readStream(SEALS_STREAM, 0, 1);
  const [first] = sealed === undefined ? await store.readAll(START, 1) : [sealed];
  return EventMacs.keyIdOf(first?.metadata['mac']);
}

/** @throws ConfigurationError */
function refuseKey(config: Named, used: string, what: string): never {
  throw new ConfigurationError(
    `LEDGER_KEY_FILE: the ledger ${fileOf(config.EVENT_STORE_URL)} has events by the key ${used}, and ${keyFileBeside(config)} ${what}. ` +
      'Put the right file there, or name it in LEDGER_KEY_FILE. If no copy of it is left: docs/operating.md, "A lost key".',
  );
}

/** @throws ConfigurationError */
function keysIn(files: readonly string[]): LedgerKeys {
  const keys = files.map(readKey);
  try {
    return new LedgerKeys(keys);
  } catch (cause) {
    throw new ConfigurationError(`LEDGER_KEY_FILE: ${files[0]} ${(cause as Error).message}`, { cause });
  }
}

function readKey(file: string): KeyObject {
  try {
    return readLedgerKey(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new ConfigurationError(`LEDGER_KEY_FILE: ${file} ${(cause as Error).message}`, { cause });
  }
}

/** Whole or not at all: two processes that start at once take the same key. */
function makeKey(file: string): void {
  const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });
  const draft = `${file}.${randomUUID()}`;
  makeFolderSync(dirname(file));
  writeFileSync(draft, pem, { mode: 0o600, flush: true });
  try {
    linkSync(draft, file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}
