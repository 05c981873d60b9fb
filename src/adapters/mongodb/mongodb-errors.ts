// Which errors of MongoDB mean that it can't be used just now: whether it did what it was asked is unknown, and the same may be asked again.
import mongoose from 'mongoose';
import { ReadModelsUnavailable } from '../../event-store/index.js';

const { MongoError, MongoNetworkError, MongoServerSelectionError, MongoWriteConcernError, MongoBulkWriteError } =
  mongoose.mongo;
const { MongoNotConnectedError, MongoTopologyClosedError, MongoClientClosedError, MongoOperationTimeoutError } =
  mongoose.mongo;

/**
 * What the driver (7.8, src/error.ts) holds to be retryable, or to say that a member is no primary, is recovering or shuts down, and what a
 * server says of writes and index builds that it broke off: https://www.mongodb.com/docs/manual/reference/error-codes/
 */
const CODES = new Set<unknown>([
  6, // HostUnreachable
  7, // HostNotFound
  24, // LockTimeout
  46, // LockBusy
  50, // MaxTimeMSExpired
  64, // WriteConcernTimeout
  74, // NodeNotFound
  89, // NetworkTimeout
  91, // ShutdownInProgress
  100, // UnsatisfiableWriteConcern: too few members, for now
  112, // WriteConflict
  133, // FailedToSatisfyReadPreference
  134, // ReadConcernMajorityNotAvailableYet
  175, // QueryPlanKilled: the collection or an index was dropped beneath it
  189, // PrimarySteppedDown
  202, // NetworkInterfaceExceededTimeLimit
  215, // DatabaseDropPending
  262, // ExceededTimeLimit
  276, // IndexBuildAborted
  9_001, // SocketException
  10_058, // LegacyNotPrimary
  10_107, // NotWritablePrimary
  11_600, // InterruptedAtShutdown
  11_601, // Interrupted
  11_602, // InterruptedDueToReplStateChange
  13_435, // NotPrimaryNoSecondaryOk
  13_436, // NotPrimaryOrSecondary
  14_031, // OutOfDiskSpace
]);

const KINDS = [
  MongoNetworkError,
  MongoServerSelectionError,
  MongoNotConnectedError,
  MongoTopologyClosedError,
  MongoClientClosedError,
  MongoOperationTimeoutError,
  MongoWriteConcernError,
  mongoose.Error.MongooseServerSelectionError,
];
/** Classes that the driver does not export: no free connection, and a pool that was closed. */
const NAMES = new Set(['MongoWaitQueueTimeoutError', 'MongoPoolClosedError']);
/** What servers since 4.4 and the driver put on what may be asked again: a server may have codes that the list above has not. */
const LABELS = ['RetryableWriteError', 'RetryableError', 'SystemOverloadedError', 'TransientTransactionError'];

export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (KINDS.some((kind) => error instanceof kind) || NAMES.has(error.name)) return true;
  if (typeof (error as NodeJS.ErrnoException).syscall === 'string') return true; // of a socket: the driver wraps only most of them
  if (error instanceof MongoBulkWriteError && isUnavailableBulk(error)) return true;
  return error instanceof MongoError && (CODES.has(error.code) || LABELS.some((label) => error.hasErrorLabel(label)));
}

/** Of a bulk write the driver makes one error: about its network (what it was made of is within), its majority, or each of its writes. */
function isUnavailableBulk(error: mongoose.mongo.MongoBulkWriteError): boolean {
  const failures = [error.writeErrors].flat();
  return (
    isUnavailable(error.errorResponse) ||
    error.result.getWriteConcernError() !== undefined ||
    failures.some(({ code }) => CODES.has(code))
  );
}

export function rethrow(error: unknown): never {
  if (!isUnavailable(error)) throw error;
  throw new ReadModelsUnavailable(`MongoDB can't be used: ${(error as Error).message}`, { cause: error });
}

/** Whether a connection or its server was lost with the answer on its way: what is done at most once may then be asked again at once. */
export const isAnswerLost = (error: unknown): boolean =>
  error instanceof ReadModelsUnavailable && error.cause !== undefined && !isSelection(error.cause);

/** Nobody was found to ask, or no connection was free: that took its time already. */
const isSelection = (error: unknown): boolean =>
  error instanceof MongoServerSelectionError ||
  error instanceof mongoose.Error.MongooseServerSelectionError ||
  NAMES.has((error as Error).name);
