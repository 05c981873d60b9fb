// A query over rows or over documents: every store answers both alike.
import type { JsonObject } from '../kernel/index.js';

export interface StoredQuery {
  readonly where?: Readonly<Record<string, string | number | boolean>>;
  readonly below?: Readonly<Record<string, string | number>>;
  readonly orderBy?: string;
  readonly descending?: boolean;
  readonly limit?: number;
  readonly after?: { readonly id: string; readonly doc: JsonObject };
}

export const DEFAULT_LIMIT = 100;

const FIELD_NAME = /^[a-zA-Z][a-zA-Z0-9]*$/;

/** @throws RangeError when no query may name the field */
export function checkField(name: string): void {
  if (!FIELD_NAME.test(name)) throw new RangeError(`"${name}" is not the name of a field to query by`);
}
