// Opens the places for checkpoints that the configuration names.
import { type Config, ConfigurationError, fileOf, isEmbedded } from '../../platform/config.js';
import type { CheckpointPlace } from '../../seals/index.js';
import { FilePlace } from './file-place.js';
import { S3Place } from './s3-place.js';
import { WebhookPlace } from './webhook-place.js';

/** @throws ConfigurationError for an address that can't be used */
export function openCheckpointPlaces(
  config: Pick<Config, 'EVENT_STORE_URL' | 'CHECKPOINTS_URL'>,
): readonly CheckpointPlace[] {
  const { CHECKPOINTS_URL: named, EVENT_STORE_URL: ledger } = config;
  if (named !== undefined) return named.split(',').map((url) => openPlace(url.trim()));
  return isEmbedded(config) ? [new FilePlace(`${fileOf(ledger)}.checkpoints`)] : [];
}

function openPlace(url: string): CheckpointPlace {
  try {
    if (url.startsWith('file:')) return new FilePlace(url.replace(/^file:(\/\/(?=\/))?/, ''));
    return url.startsWith('s3+') ? new S3Place(new URL(url.slice('s3+'.length))) : new WebhookPlace(new URL(url));
  } catch (cause) {
    throw new ConfigurationError(`CHECKPOINTS_URL: ${(cause as Error).message}`, { cause });
  }
}
