// The checker that customers open in a browser, run here: the same script, taken from its page.
import { hash, webcrypto } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';

export const CHECKER_FILE = join(import.meta.dirname, '../../../checker/statement-checker.html');

interface Found {
  readonly faults: readonly (readonly [code: string, values: Readonly<Record<string, unknown>>])[];
  readonly signedBy: string | undefined;
  readonly trusted: boolean;
  /** What the page shows: the entries by type, and the calls by model. */
  readonly totals?: {
    readonly balance: bigint;
    readonly types: ReadonlyMap<string, { readonly entries: number; readonly amount: bigint }>;
    readonly models: ReadonlyMap<
      string,
      { readonly calls: number; readonly prompt: number; readonly completion: number; readonly cost: bigint }
    >;
  };
}

interface Checker {
  readonly checkStatement: (
    text: string,
    options?: { readonly keys?: string; readonly earlier?: string },
  ) => Promise<Found>;
  readonly usageFollows: (charge: object) => boolean;
}

const [, SCRIPT = ''] = /<script id="checker">(.*?)<\/script>/s.exec(readFileSync(CHECKER_FILE, 'utf8')) ?? [];

/** What a browser has, but that a hash is made at once: a thread for each of the hundred of a statement takes longer than they do. */
const { subtle } = webcrypto;
const browserCrypto = {
  subtle: {
    digest: async (_sha256: string, bytes: Uint8Array) => hash('sha256', bytes, 'buffer'),
    importKey: subtle.importKey.bind(subtle),
    verify: subtle.verify.bind(subtle),
  },
};

export const { checkStatement, usageFollows: checkerUsageFollows } = compileFunction(
  `${SCRIPT}\nreturn { checkStatement, usageFollows };`,
  ['crypto'],
)(browserCrypto) as Checker;
