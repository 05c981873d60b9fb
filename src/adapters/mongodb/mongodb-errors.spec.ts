import { createRequire } from 'node:module';
import mongoose from 'mongoose';
import { describe, expect, it } from 'vitest';
import { ReadModelsUnavailable } from '../../event-store/index.js';
import { isAnswerLost, isUnavailable, rethrow } from './mongodb-errors.js';

const { MongoServerError, MongoNetworkError, MongoServerSelectionError, MongoBulkWriteError } = mongoose.mongo;

type Judge = (error: Error) => boolean;
/** What the driver itself tries again, or looks for another primary after. */
const driver = createRequire(createRequire(import.meta.url).resolve('mongoose'))('mongodb/lib/error.js') as {
  readonly isRetryableReadError: Judge;
  readonly isStateChangeError: Judge;
};
const HIGHEST_CODE = 20_000;

const ofServer = (code: number, errorLabels: string[] = []): Error =>
  new MongoServerError({ message: 'no', code, errorLabels });
/** As the driver makes them (src/bulk/common.ts). */
const ofBulk = (error: object, failed: { code?: number; unconfirmed?: boolean } = {}): Error =>
  new MongoBulkWriteError(
    { message: 'no', writeErrors: failed.code === undefined ? [] : [{ code: failed.code }], ...error } as never,
    { getWriteConcernError: () => (failed.unconfirmed === true ? { code: 64 } : undefined) } as never,
  );

describe('MongoDB can’t be used just now', () => {
  it.each([6, 7, 89, 91, 189, 262, 9_001, 10_107, 11_600])('when a server says %i', (code) => {
    expect(isUnavailable(ofServer(code))).toBe(true);
    expect(isUnavailable(ofBulk({}, { code })), 'of one write of many').toBe(true);
    expect(() => rethrow(ofServer(code))).toThrow(ReadModelsUnavailable);
  });

  it('whenever the driver itself would try again, or look for another primary', () => {
    const missed: number[] = [];
    for (let code = 0; code < HIGHEST_CODE; code++) {
      const error = ofServer(code);
      if ((driver.isRetryableReadError(error) || driver.isStateChangeError(error)) && !isUnavailable(error))
        missed.push(code);
    }
    expect(missed).toEqual([]);
  });

  it('when a server calls what it says retryable, whatever its code', () => {
    expect(isUnavailable(ofServer(4_711, ['RetryableWriteError']))).toBe(true);
  });

  it('when the network fails a bulk write, or no majority has it', () => {
    const lost = new MongoNetworkError('closed');
    expect(isUnavailable(lost)).toBe(true);
    expect(isUnavailable(new MongoBulkWriteError(lost, { getWriteConcernError: () => undefined } as never))).toBe(true);
    expect(isUnavailable(ofBulk({}, { unconfirmed: true }))).toBe(true);
  });

  it('not when a write is wrong', () => {
    for (const code of [2, 9, 13, 66, 11_000]) {
      expect(isUnavailable(ofServer(code)), String(code)).toBe(false);
      expect(isUnavailable(ofBulk({}, { code })), String(code)).toBe(false);
    }
    expect(() => rethrow(new TypeError('no'))).toThrow(TypeError);
  });
});

it('what was asked may be asked again at once when the answer was lost, not when nobody was there to ask', () => {
  const because = (cause?: Error) => new ReadModelsUnavailable('no', { cause });
  expect(isAnswerLost(because(new MongoNetworkError('closed')))).toBe(true);
  expect(isAnswerLost(because(ofServer(189)))).toBe(true);
  expect(isAnswerLost(because(new MongoServerSelectionError('none', {} as never)))).toBe(false);
  expect(isAnswerLost(because()), 'it took too long already').toBe(false);
});
