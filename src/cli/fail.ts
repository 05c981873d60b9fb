import { Refused } from '../kernel/index.js';
import { ConfigurationError, loadConfig } from '../platform/config.js';
import { DocumentsUnavailable } from '../platform/documents/index.js';
import {
  EventStoreUnavailable,
  ImpossibleHistory,
  PoisonEvent,
  ReadModelsUnavailable,
  UnreadableEvent,
} from '../event-store/index.js';
import { UsageError } from './output.js';

/** The exit code when a store is unavailable (EX_UNAVAILABLE of sysexits.h): the same command may work later. */
const AWAY = 69;

/** Ends with a message and an exit code: 1, or 69 for an unavailable store. Only our own bugs print a stack. */
export async function fail(error: unknown): Promise<void> {
  if (isUnavailable(error)) return failWithStore(error as Error);
  const known =
    error instanceof Refused ||
    error instanceof UsageError ||
    error instanceof ConfigurationError ||
    error instanceof PoisonEvent ||
    error instanceof UnreadableEvent ||
    error instanceof ImpossibleHistory ||
    isSystemError(error);
  console.error(known ? `tokenhub: ${(error as Error).message}${detailOf(error)}` : error);
  process.exitCode = 1;
}

async function failWithStore(error: Error): Promise<void> {
  const { sentenceOf, storeFault } = await import('../adapters/index.js');
  const fault = await storeFault(loadConfig());
  console.error(`tokenhub: ${fault === undefined ? error.message : sentenceOf(fault)}`);
  process.exitCode = fault?.passes === false ? 1 : AWAY;
}

const isUnavailable = (error: unknown): boolean =>
  error instanceof EventStoreUnavailable ||
  error instanceof ReadModelsUnavailable ||
  error instanceof DocumentsUnavailable;

/** What Stripe says, which customers don’t read, or what to do about a history that can’t be. */
function detailOf(error: unknown): string {
  if (error instanceof ImpossibleHistory) return '. "tokenhub verify" names all that is wrong with the ledger.';
  return error instanceof Refused && 'detail' in error ? ` ${String(error.detail)}` : '';
}

const isSystemError = (error: unknown): boolean => error instanceof Error && 'code' in error;
