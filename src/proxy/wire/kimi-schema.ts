// JSON Schema as Kimi takes it for tools. Moonshot refuses a whole request for a tool with some of what is valid elsewhere, "not a valid moonshot
// flavored json schema" (https://github.com/MoonshotAI/walle): a type beside `anyOf`, as in Notion's tools
// (https://github.com/MoonshotAI/kimi-code/issues/2661), or beside `$ref`, as in one of Codex (https://github.com/lidge-jun/opencodex/issues/2673),
// references to anywhere but `$defs`, and a list as `items` (https://github.com/vercel/ai/pull/18921). What it takes is left as it is.
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../kernel/index.js';
import { only } from './json.js';
import { mapSchemas } from './json-schema.js';

const KEYWORDS = {
  schemas: ['items', 'additionalProperties', 'not', 'anyOf', 'oneOf', 'allOf', 'prefixItems'],
  byName: ['properties', 'patternProperties', '$defs', 'definitions'],
};
/** What may stand both beside `anyOf` or `$ref` and in the schemas there. */
const TEXTS = ['description', 'title'];
/** Of one value, which a choice of another type has no place for. */
const HINTS = ['default', 'examples'];
/** Deeper, and larger, Moonshot refuses it at any rate. */
const MAX_DEPTH = 100;
const MAX_COPIED = 120_000;
const DEFS = '#/$defs/';

interface Root {
  readonly schema: JsonObject;
  /** Schemas outside `$defs` that something refers to, by the name that they get there. */
  readonly moved: Map<string, JsonObject>;
  /** How many characters were written more than once. */
  copied: number;
}

export function schemaForKimi(schema: JsonObject): JsonObject {
  const root: Root = { schema, moved: new Map(), copied: 0 };
  // In `definitions`, to which nothing refers by then, no reference is taken either.
  const { definitions: _old, ...rest } = taken(schema, root, 0);
  if (root.moved.size === 0) return rest;
  const $defs = new Map(Object.entries(objectOf(rest['$defs'])));
  // A moved schema may refer to another, which is found while it is read.
  for (const [name, moved] of root.moved) $defs.set(name, taken(moved, root, 0));
  return { ...rest, $defs: Object.fromEntries($defs) };
}

function taken(schema: JsonObject, root: Root, depth: number): JsonObject {
  if (depth > MAX_DEPTH) return schema;
  const own = chosen(referring(listed(schema), root), root);
  return mapSchemas(own, KEYWORDS, (value) => (isJsonObject(value) ? taken(value, root, depth + 1) : value));
}

/** A list of schemas, one for each place, has its own keyword by now. */
function listed(schema: JsonObject): JsonObject {
  const { items, ...rest } = schema;
  return isJsonArray(items) ? { prefixItems: items, ...rest } : schema;
}

/** A reference into `$defs`, without what the schema there says itself. */
function referring(schema: JsonObject, root: Root): JsonObject {
  const { $ref: reference, ...beside } = schema;
  if (typeof reference !== 'string') return schema;
  const target = targetOf(reference, root.schema);
  const isKept = (key: string): boolean =>
    TEXTS.includes(key) || key.startsWith('$') || (key !== 'type' && target?.[key] === undefined);
  const { required, ...kept } = only(beside, isKept);
  const needed = required !== undefined && kept['properties'] !== undefined && { required };
  return { ...kept, ...needed, $ref: target === undefined ? reference : placed(reference, target, root) };
}

function placed(reference: string, target: JsonObject, root: Root): string {
  if (reference.startsWith(DEFS)) return reference;
  const path = stepsOf(reference);
  const [first, name = ''] = path;
  const isDefinition = first === 'definitions' && path.length === 2;
  const to = (isDefinition ? name : path.join('.')).replaceAll(/[/~%]/g, '_');
  if (root.moved.get(to) === target) return DEFS + to;
  const isNamed = root.moved.has(to) || objectOf(root.schema['$defs'])[to] !== undefined;
  if (isNamed || !hasRoom(root, target, 1)) return reference;
  root.moved.set(to, target);
  return DEFS + to;
}

function hasRoom(root: Root, copied: JsonObject, times: number): boolean {
  if (root.copied <= MAX_COPIED) root.copied += times * JSON.stringify(copied).length;
  return root.copied <= MAX_COPIED;
}

/** The schema within the root that a reference means; of the root itself, and of other documents, none. */
function targetOf(reference: string, root: JsonObject): JsonObject | undefined {
  if (!reference.startsWith('#/')) return undefined;
  let target: JsonValue | undefined = root;
  for (const step of stepsOf(reference)) target = isJsonArray(target) ? target[Number(step)] : objectOf(target)[step];
  return isJsonObject(target) ? target : undefined;
}

const stepsOf = (reference: string): readonly string[] =>
  reference
    .slice('#/'.length)
    .split('/')
    .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));

/**
 * What holds for all of several choices told in each, where it can't stand beside them. A reference, which nothing can be told beside, leaves there
 * what may stand.
 */
function chosen(schema: JsonObject, root: Root): JsonObject {
  const { anyOf: choices } = schema;
  if (!isJsonArray(choices)) return schema;
  const isTwice = (key: string): boolean => choices.some((choice) => objectOf(choice)[key] !== undefined);
  const isRefused = (key: string): boolean => key === 'type' || (!isOfAll(key) && isTwice(key));
  if (!Object.keys(schema).some(isRefused)) return schema;
  const isMoved = choices.some(isReference) ? isRefused : (key: string) => !isOfAll(key);
  const shared = only(schema, (key) => isMoved(key) && !HINTS.includes(key));
  if (!hasRoom(root, shared, choices.length)) return schema;
  return {
    ...only(schema, (key) => !isMoved(key) || (HINTS.includes(key) && !isTwice(key))),
    anyOf: choices.map((choice) => (isJsonObject(choice) && !isReference(choice) ? both(shared, choice) : choice)),
  };
}

const isOfAll = (key: string): boolean =>
  TEXTS.includes(key) || ['anyOf', 'definitions'].includes(key) || key.startsWith('$');

const isReference = (choice: JsonValue): boolean => objectOf(choice)['$ref'] !== undefined;

function both(shared: JsonObject, choice: JsonObject): JsonObject {
  const named = { ...objectOf(shared['properties']), ...objectOf(choice['properties']) };
  const required = new Set([...listOf(shared['required']), ...listOf(choice['required'])]);
  return {
    ...shared,
    ...choice,
    ...(Object.keys(named).length > 0 && { properties: named }),
    ...(required.size > 0 && { required: [...required] }),
  };
}

const objectOf = (value: JsonValue | undefined): JsonObject => (isJsonObject(value) ? value : {});
const listOf = (value: JsonValue | undefined): readonly JsonValue[] => (isJsonArray(value) ? value : []);
