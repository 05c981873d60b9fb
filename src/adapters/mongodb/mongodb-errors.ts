// The errors that mean that MongoDB can't be used for now: whether a write was done is unknown, and it may be repeated.
import mongoose from 'mongoose';
import { ReadModelsUnavailable } from '../../event-store/index.js';

const { MongoError, MongoNetworkError, MongoServerSelectionError, MongoWriteConcernError, MongoBulkWriteError } =
  mongoose.mongo;
const { MongoNotConnectedError, MongoTopologyClosedError, MongoClientClosedError, MongoOperationTimeoutError } =
  mongoose.mongo;

/**
 * The codes that the driver (7.8, src/error.ts) treats as retryable, or as a member that is no primary, is recovering or is shutting down, and
 * those of writes and index builds that a server broke off: https://www.mongodb.com/docs/manual/reference/error-codes/
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
/** The labels that the driver and servers since 4.4 put on retryable errors, whose codes may be missing above. */
const LABELS = ['RetryableWriteError', 'RetryableError', 'SystemOverloadedError', 'TransientTransactionError'];

export function isUnavailable(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if (KINDS.some((kind) => error instanceof kind) || NAMES.has(error.name)) return true;
  if (typeof (error as NodeJS.ErrnoException).syscall === 'string') return true; // an error of a socket: the driver does not wrap all of them
  if (error instanceof MongoBulkWriteError && isUnavailableBulk(error)) return true;
  return error instanceof MongoError && (CODES.has(error.code) || LABELS.some((label) => error.hasErrorLabel(label)));
}

/** The driver makes one error of a bulk write: about the network (with its cause), the majority, or each of the writes. */
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

/** Whether the connection or its server was lost before the answer came. An operation that takes effect once may then be repeated at once. */
export const isAnswerLost = (error: unknown): boolean =>
  error instanceof ReadModelsUnavailable && error.cause !== undefined && !isSelection(error.cause);

/** No server was found, or no connection was free: this has used up its time already. */
const isSelection = (error: unknown): boolean =>
  error instanceof MongoServerSelectionError ||
  error instanceof mongoose.Error.MongooseServerSelectionError ||
  NAMES.has((error as Error).name);
