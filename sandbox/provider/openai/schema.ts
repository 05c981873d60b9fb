// Checks schemas as OpenAI does, with its messages: schemas of functions are objects with properties, and strict
// schemas use a subset. https://platform.openai.com/docs/guides/structured-outputs#supported-schemas, and as reported:
// https://github.com/vercel/ai/issues/6484, https://github.com/kevinwatt/mysql-mcp/issues/5,
// https://github.com/dottxt-ai/outlines/issues/844, https://github.com/digitalocean-labs/mcp-digitalocean/issues/265
import { type JsonObject, type JsonValue, isJsonObject } from '../../../src/kernel/index.js';
import { type WireError, badRequest } from '../errors.js';

/** The owner of a schema, and how errors refer to it. */
export interface Subject {
  readonly name: string;
  readonly param: string;
  readonly code: string | null;
}

const NOT_PERMITTED =
  'allOf oneOf not if then else dependentRequired dependentSchemas patternProperties uniqueItems propertyNames'.split(
    ' ',
  );
const NOT_AT_TOP = ['oneOf', 'anyOf', 'allOf', 'enum', 'not'];

/** @throws WireError (400) */
export function checkFunctionSchema(schema: JsonValue, subject: Subject): void {
  const { type = 'None', properties }: JsonObject = isJsonObject(schema) ? schema : {};
  if (type !== 'object')
    throw invalid(
      subject,
      [],
      `schema must be a JSON Schema of 'type: "object"', got 'type: "${JSON.stringify(type)}"'.`,
    );
  if (NOT_AT_TOP.some((keyword) => isJsonObject(schema) && schema[keyword] !== undefined))
    throw invalid(
      subject,
      [],
      "schema must have type 'object' and not have 'oneOf'/'anyOf'/'allOf'/'enum'/'not' at the top level.",
    );
  if (!isJsonObject(properties)) throw invalid(subject, [], 'object schema missing properties.');
  checkLists(schema, subject, []);
}

/** Other makers take a list whose items are not described. */
function checkLists(schema: JsonValue | undefined, subject: Subject, path: readonly string[]): void {
  if (!isJsonObject(schema)) return;
  if ([schema.type].flat().includes('array') && schema.items === undefined)
    throw invalid(subject, path, 'array schema missing items.');
  eachInner(schema, path, (inner, at) => checkLists(inner, subject, at));
}

/** @throws WireError (400) */
export function checkStrictSchema(schema: JsonValue | undefined, subject: Subject, path: readonly string[] = []): void {
  if (!isJsonObject(schema)) return;
  const unknown = NOT_PERMITTED.find((keyword) => schema[keyword] !== undefined);
  if (unknown !== undefined) throw invalid(subject, path, `'${unknown}' is not permitted.`);
  if (schema.type === 'object' || schema.properties !== undefined) checkObject(schema, subject, path);
  eachInner(schema, path, (inner, at) => checkStrictSchema(inner, subject, at));
}

type Visit = (inner: JsonValue | undefined, path: readonly string[]) => void;

function eachInner(schema: JsonObject, path: readonly string[], visit: Visit): void {
  for (const field of ['properties', '$defs', 'definitions']) {
    const schemas = schema[field];
    for (const [name, inner] of Object.entries(isJsonObject(schemas) ? schemas : {}))
      visit(inner, [...path, field, name]);
  }
  visit(schema.items, [...path, 'items']);
  const { anyOf } = schema;
  if (Array.isArray(anyOf)) anyOf.forEach((one: JsonValue, index) => visit(one, [...path, 'anyOf', String(index)]));
}

function checkObject(schema: JsonObject, subject: Subject, path: readonly string[]): void {
  if (schema.additionalProperties !== false)
    throw invalid(subject, path, "'additionalProperties' is required to be supplied and to be false.");
  const required: readonly unknown[] = Array.isArray(schema.required) ? schema.required : [];
  const missing = Object.keys(isJsonObject(schema.properties) ? schema.properties : {}).find(
    (name) => !required.includes(name),
  );
  if (missing !== undefined)
    throw invalid(
      subject,
      path,
      `'required' is required to be supplied and to be an array including every key in properties. Missing '${missing}'.`,
    );
}

/** The path is shown like a Python tuple. */
const invalid = ({ name, param, code }: Subject, path: readonly string[], problem: string): WireError =>
  badRequest(
    `Invalid schema for ${name}: In context=(${path.map((step) => `'${step}'`).join(', ')}), ${problem}`,
    param,
    code,
  );
