// Any JSON as BSON and back. Some names mean something to MongoDB, its driver or mongoose, as field names of a document
// ("$set", "a.b", "_bsontype"); they are escaped, so that none of them is ever refused or obeyed.
import type { JsonObject, JsonValue } from '../../kernel/index.js';

const SPECIAL = /^$|^\$|^__|^_bsontype$|^(?:toBSON|toObject|toJSON|constructor|prototype)$|[%.\0]/;

/** What JSON makes of `doc`, with its field names escaped. @throws TypeError on a bigint, which BSON would store cut to 64 bits. */
export const toBson = (doc: JsonObject): JsonObject =>
  renamed(JSON.parse(JSON.stringify(doc)) as JsonValue, escape) as JsonObject;

export const fromBson = (doc: JsonObject): JsonObject => renamed(doc, unescape) as JsonObject;

function renamed(value: JsonValue | undefined, rename: (name: string) => string): JsonValue | undefined {
  if (Array.isArray(value)) return value.map((item: JsonValue) => renamed(item, rename) as JsonValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [rename(name), renamed(item, rename)]));
}

/** The first character becomes its code in hexadecimal, as do percent signs, dots and nulls; the empty name becomes "%". */
function escape(name: string): string {
  if (!SPECIAL.test(name)) return name;
  if (name === '') return '%';
  const rest = name.slice(1).replaceAll(/[%.\0]/g, code);
  return code(name.charAt(0)) + rest;
}

const code = (character: string): string => `%${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

function unescape(name: string): string {
  if (!name.includes('%')) return name;
  return name === '%'
    ? ''
    : name.replaceAll(/%([0-9a-f]{4})/g, (_all, hex: string) => String.fromCharCode(parseInt(hex, 16)));
}
