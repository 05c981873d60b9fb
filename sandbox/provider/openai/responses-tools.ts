// The tools of a Responses request, wherever they are offered, by the names the sandbox calls them: functions and
// custom tools by their name, after their namespace and a dot; the others by their type.
import { type JsonObject, type JsonValue, isJsonObject } from '../../../src/kernel/index.js';
import type { ChatRequest, Tool } from '../chat-request.js';
import { badRequest } from '../errors.js';
import { invalidType, missing } from './fields.js';

/** A tool that the client carries out, and how a call of it looks. */
interface OwnTool {
  readonly item: string;
  readonly prefix: string;
  /** The item's field for the arguments. */
  readonly field: string;
  readonly sample: JsonObject;
}

const SHELL = { commands: ['ls'], timeout_ms: null, max_output_length: null };
export const OWN_TOOLS: Readonly<Record<string, OwnTool>> = {
  apply_patch: {
    item: 'apply_patch_call',
    prefix: 'apc',
    field: 'operation',
    sample: { type: 'delete_file', path: 'sandbox.txt' },
  },
  local_shell: {
    item: 'local_shell_call',
    prefix: 'lsh',
    field: 'action',
    sample: { type: 'exec', command: ['ls'], env: {} },
  },
  shell: { item: 'shell_call', prefix: 'sh', field: 'action', sample: SHELL },
  computer: { item: 'computer_call', prefix: 'cu', field: 'actions', sample: { type: 'screenshot' } },
  tool_search: { item: 'tool_search_call', prefix: 'tsc', field: 'arguments', sample: { query: 'sandbox' } },
};
/** Hosted tools, which the sandbox never uses. */
const HOSTED =
  /^(?:web_search(?:_2025_08_26|_preview(?:_2025_03_11)?)?|file_search|code_interpreter|image_generation|mcp|computer_use_preview|programmatic_tool_calling)$/;
const NAME = /^[\w-]{1,128}$/;

export function responsesTools(body: JsonObject): {
  readonly offered: readonly Tool[];
  readonly choice: ChatRequest['toolChoice'];
} {
  const items = Array.isArray(body.input) ? (body.input as readonly JsonValue[]) : [];
  const offered = [
    ...toolsOf(body.tools ?? [], 'tools'),
    ...items.flatMap((item, index) =>
      isJsonObject(item) && ['additional_tools', 'tool_search_output'].includes(String(item.type))
        ? toolsOf(item.tools, `input[${index}].tools`)
        : [],
    ),
  ];
  return { offered: allowedOf(body.tool_choice, offered), choice: choiceOf(body.tool_choice ?? 'auto', offered) };
}

function toolsOf(tools: JsonValue | undefined, at: string): readonly Tool[] {
  if (tools === undefined) throw missing(at);
  if (!Array.isArray(tools)) throw invalidType(at, 'an array of objects');
  return tools.flatMap((tool: unknown, index) => {
    if (!isJsonObject(tool)) throw invalidType(`${at}[${index}]`, 'an object');
    return toolOf(tool, `${at}[${index}]`);
  });
}

function toolOf(tool: JsonObject, at: string, namespace = ''): readonly Tool[] {
  const type = String(tool.type);
  if (type === 'function' || type === 'custom') {
    const name = nameOf(tool, at);
    if (type === 'custom') checkFormat(tool.format, at);
    const parameters = type === 'custom' ? undefined : (tool.parameters ?? { type: 'object' });
    return [{ name: namespace === '' ? name : `${namespace}.${name}`, parameters, definition: tool }];
  }
  if (type === 'namespace' && namespace === '') {
    const inner = Array.isArray(tool.tools) ? (tool.tools as readonly JsonValue[]) : [];
    if (inner.length === 0) throw missing(`${at}.tools`);
    return inner.flatMap((one, index) =>
      toolOf(isJsonObject(one) ? one : {}, `${at}.tools[${index}]`, nameOf(tool, at)),
    );
  }
  if (type === 'tool_search' && tool.execution !== 'client') return [];
  const own = Object.hasOwn(OWN_TOOLS, type) ? OWN_TOOLS[type] : undefined;
  if (own !== undefined && namespace === '')
    return [{ name: type, parameters: { const: own.sample }, definition: tool }];
  if (HOSTED.test(type) && namespace === '') return [];
  throw badRequest(`Invalid value: '${type}'.`, `${at}.type`, 'invalid_value');
}

function nameOf({ name }: JsonObject, at: string): string {
  if (typeof name !== 'string') throw missing(`${at}.name`);
  if (NAME.test(name)) return name;
  throw badRequest(
    `Invalid '${at}.name': string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'.`,
    `${at}.name`,
    'invalid_value',
  );
}

function checkFormat(format: JsonValue | undefined, at: string): void {
  if (format === undefined || format === null) return;
  const { type, syntax, definition }: JsonObject = isJsonObject(format) ? format : {};
  if (type === 'text') return;
  if (type !== 'grammar') throw badRequest(`Invalid value: '${String(type)}'.`, `${at}.format.type`, 'invalid_value');
  if (syntax !== 'lark' && syntax !== 'regex')
    throw badRequest(`Invalid value: '${String(syntax)}'.`, `${at}.format.syntax`, 'invalid_value');
  if (typeof definition !== 'string') throw missing(`${at}.format.definition`);
}

function choiceOf(choice: JsonValue, tools: readonly Tool[]): ChatRequest['toolChoice'] {
  if (choice === 'auto' || choice === 'none') return choice;
  const { type, name, mode }: JsonObject = isJsonObject(choice) ? choice : {};
  if (type === 'allowed_tools' && (mode === 'auto' || mode === 'required')) return mode;
  if (choice === 'required' && tools.length > 0) return choice;
  const found = tools.find((tool) =>
    name === undefined ? tool.name === type : tool.definition.name === name && tool.definition.type === type,
  );
  if (found !== undefined) return { name: found.name };
  throw badRequest(`Tool choice '${String(name ?? type ?? choice)}' not found in 'tools' parameter.`, 'tool_choice');
}

/** The tools that the choice allows. */
function allowedOf(choice: JsonValue | undefined, tools: readonly Tool[]): readonly Tool[] {
  if (!isJsonObject(choice) || choice.type !== 'allowed_tools') return tools;
  if (!Array.isArray(choice.tools)) throw missing('tool_choice.tools');
  const allowed = choice.tools.map((tool: unknown) => (isJsonObject(tool) ? (tool.name ?? tool.type) : undefined));
  return tools.filter(({ definition }) => allowed.includes(definition.name ?? definition.type));
}
