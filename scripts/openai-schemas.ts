// Reduces OpenAI's OpenAPI document to the schemas of the answers that this gateway gives, without descriptions and the like:
// node scripts/openai-schemas.ts <folder> <commit> > test/clients/schemas/openai.json
// The folder holds openapi.json and LICENSE (MIT) of github.com/openai/openai-openapi at that commit.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
type Schemas = Readonly<Record<string, Json>>;

/** The answers of the endpoints there are here. */
const ROOTS = [
  'CreateChatCompletionResponse',
  'CreateChatCompletionStreamResponse',
  'CreateCompletionResponse',
  'CreateEmbeddingResponse',
  'CreateModerationResponse',
  'CreateTranscriptionResponseJson',
  'CreateTranscriptionResponseVerboseJson',
  'CreateTranslationResponseJson',
  'ErrorResponse',
  'ImagesResponse',
  'ListModelsResponse',
  'Model',
  'Response',
  'ResponseStreamEvent',
];

/** Of these unions, what can occur here: no built-in tools of OpenAI's, no audio, nothing that is kept there. */
const KEPT: Readonly<Record<string, RegExp>> = {
  ResponseStreamEvent:
    /^Response(?:Created|InProgress|Completed|Failed|Incomplete|Error|OutputItem|ContentPart|Text|Refusal|FunctionCallArguments|ReasoningSummary)/,
  OutputItem: /^(?:OutputMessage|FunctionToolCall|ReasoningItem)$/,
  InputItem: /^(?:EasyInputMessage)$/,
  Tool: /^FunctionTool$/,
  ToolChoiceParam: /^ToolChoice(?:Options|Function|Allowed)$/,
};

/** What says nothing of an answer's shape. */
const PROSE = new Set([
  'description',
  'example',
  'examples',
  'title',
  'deprecated',
  'default',
  'discriminator',
  'format',
]);

const isObject = (json: Json): json is { readonly [key: string]: Json } =>
  typeof json === 'object' && json !== null && !Array.isArray(json);

/** A schema without prose, and with null said as JSON Schema says it. The names of properties are no keywords. */
function plain(schema: Json): Json {
  if (Array.isArray(schema)) return schema.map(plain);
  if (!isObject(schema)) return schema;
  const { nullable, ...others } = schema;
  const kept = Object.entries(others).filter(([key]) => !PROSE.has(key) && !key.startsWith('x-'));
  const bare = Object.fromEntries(
    kept.map(([key, value]) => [key, key === 'properties' && isObject(value) ? ofEach(value) : plain(value)]),
  );
  return nullable === true ? { anyOf: [bare, { type: 'null' }] } : bare;
}

const ofEach = (properties: Schemas): Json =>
  Object.fromEntries(Object.entries(properties).map(([name, property]) => [name, plain(property)]));

const nameIn = (member: Json): string => (isObject(member) ? String(member['$ref']).replace(/^.*\//, '') : '');

function narrowed(name: string, schema: Json): Json {
  const kept = KEPT[name];
  if (kept === undefined || !isObject(schema)) return schema;
  const narrow = (members: Json | undefined) =>
    Array.isArray(members) ? members.filter((member: Json) => kept.test(nameIn(member))) : undefined;
  const { anyOf, oneOf, ...rest } = schema;
  const members = narrow(anyOf ?? oneOf) ?? [];
  if (members.length === 0) throw new Error(`nothing of ${name} is kept`);
  return { ...rest, anyOf: members };
}

/** The schemas that those of `names` refer to, and they themselves. */
function gathered(all: Schemas, names: readonly string[], found: Record<string, Json> = {}): Record<string, Json> {
  for (const name of names) {
    if (name in found) continue;
    const schema = all[name];
    if (schema === undefined) throw new Error(`the document has no schema ${name}`);
    found[name] = narrowed(name, plain(schema));
    const references = JSON.stringify(found[name]).matchAll(/"#\/components\/schemas\/([^"]+)"/g);
    gathered(
      all,
      [...references].map(([, reference = '']) => reference),
      found,
    );
  }
  return found;
}

const [folder = '', commit = ''] = process.argv.slice(2);
const read = (file: string): string => readFileSync(join(folder, file), 'utf8');
const document = JSON.parse(read('openapi.json')) as {
  readonly info: { readonly version: string };
  readonly components: { readonly schemas: Schemas };
};
const schemas = gathered(document.components.schemas, ROOTS);
const head = {
  source: 'https://github.com/openai/openai-openapi',
  commit,
  version: document.info.version,
  license: 'MIT',
  licenseText: read('LICENSE').trim().split(/\n+/),
  reducedBy: 'scripts/openai-schemas.ts',
};
const lines = Object.keys(schemas)
  .toSorted((a, b) => (a < b ? -1 : 1))
  .map((name) => `    ${JSON.stringify(name)}: ${JSON.stringify(schemas[name])}`);
const text = JSON.stringify(head, null, 2).slice(0, -2);
process.stdout.write(`${text},\n  "components": { "schemas": {\n${lines.join(',\n')}\n  } }\n}\n`);
