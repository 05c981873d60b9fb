import mongoose from 'mongoose';
import { causesOf, fileFault, type Finding } from '../faults/store-fault.js';
import { tlsFault } from '../faults/tls-fault.js';

/** https://www.mongodb.com/docs/manual/reference/error-codes/; Atlas answers 8000 where other servers answer 18. */
const UNAUTHORIZED = 13;
const AUTHENTICATION_FAILED = new Set<unknown>([18, 8_000]);

/** Why a MongoDB can't be used, given the error of a trial. */
export async function mongoDbFault(url: string, error: unknown): Promise<Finding> {
  const { hosts, srvHost, tls, tlsCAFile } = new mongoose.mongo.MongoClient(url).options; // only parses the string
  const endpoints = hosts.map(({ host, port }) => ({ host: host ?? '', port: port ?? 0 }));
  return (
    fileFault(error) ??
    accessFault(error) ??
    (await tlsFault(endpoints, { tls, caFile: tlsCAFile, option: 'tls' })) ?? {
      cause: `no MongoDB can be used at ${srvHost ?? hosts.map(String).join(', ')} (${reasonOf(error)})`,
      remedy: 'Start it, or correct the address.',
      passes: true,
    }
  );
}

function accessFault(error: unknown): Finding | undefined {
  const codes = causesOf(error).map((cause) => (cause as { code?: unknown }).code);
  if (codes.some((code) => AUTHENTICATION_FAILED.has(code)))
    return {
      cause: 'MongoDB does not know this user by this password',
      remedy:
        'Correct them, and authSource, the database that knows the user; special characters must be percent-encoded.',
      passes: false,
    };
  if (!codes.includes(UNAUTHORIZED)) return undefined;
  return {
    cause: 'MongoDB lets this user not read and write the database that the connection string names',
    remedy: 'Name one with the role readWrite on it.',
    passes: false,
  };
}

const reasonOf = (error: unknown): string =>
  (causesOf(error).at(0)?.message ?? String(error)).replace(/^MongoDB can't be used: /, '');
