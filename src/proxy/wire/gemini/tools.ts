// Tools: only the client's functions. Google's own (search, code execution, maps …) are billed apart from tokens, so
// they are never requested.
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/index.js';
import { functionIn } from '../chat.js';
import { Untranslatable } from '../wire.js';
import { schemaOf } from './schema.js';

/** `tools` and `toolConfig`, if the chat has them. @throws Untranslatable */
export function toolsOf(chat: JsonObject): JsonObject {
  const tools = chat['tools'] ?? [];
  if (!isJsonArray(tools)) throw new Untranslatable('"tools" must be an array.', 'tools');
  const declarations = tools.map((tool, index) => declaration(tool, `tools[${index}]`));
  const config = callingConfig(chat['tool_choice'] ?? 'auto', tools.some(isStrict));
  if (declarations.length === 0) return {};
  return {
    tools: [{ functionDeclarations: declarations }],
    ...(config !== undefined && { toolConfig: { functionCallingConfig: config } }),
  };
}

function declaration(tool: JsonValue, at: string): JsonObject {
  const called = functionOf(tool);
  if (called === undefined)
    throw new Untranslatable(`"${at}" must be of type "function": a Gemini model takes no other tools here.`, at);
  const { name, description, parameters } = called;
  return {
    name,
    ...(typeof description === 'string' && { description }),
    ...(isJsonObject(parameters) && {
      parametersJsonSchema: schemaOf(parameters, `${at}.function.parameters`),
    }),
  };
}

/** The function of a tool, or of a choice of one, if it has a name. */
function functionOf(tool: JsonValue | undefined): JsonObject | undefined {
  const called = functionIn(tool);
  return typeof called?.['name'] === 'string' ? called : undefined;
}

const isStrict = (tool: JsonValue): boolean => functionOf(tool)?.['strict'] === true;

/** Undefined for Gemini's default, `auto`. Calls that must follow their schema are `VALIDATED`. */
function callingConfig(choice: JsonValue, strict: boolean): JsonObject | undefined {
  if (choice === 'auto') return strict ? { mode: 'VALIDATED' } : undefined;
  if (choice === 'none') return { mode: 'NONE' };
  if (choice === 'required') return { mode: 'ANY' };
  const name = functionOf(choice)?.['name'];
  if (name !== undefined) return { mode: 'ANY', allowedFunctionNames: [name] };
  return allowedTools(choice);
}

function allowedTools(choice: JsonValue): JsonObject {
  const allowed = isJsonObject(choice) ? choice['allowed_tools'] : undefined;
  const { mode, tools }: JsonObject = isJsonObject(allowed) ? allowed : {};
  const names = isJsonArray(tools) ? tools.map((tool) => functionOf(tool)?.['name']) : [];
  if (names.length > 0 && !names.includes(undefined) && (mode === 'auto' || mode === 'required'))
    return { mode: mode === 'auto' ? 'VALIDATED' : 'ANY', allowedFunctionNames: names as JsonValue[] };
  throw new Untranslatable(
    '"tool_choice" must be "auto", "none", "required", a function, or "allowed_tools" that are functions.',
    'tool_choice',
  );
}
