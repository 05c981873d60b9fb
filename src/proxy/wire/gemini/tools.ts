// Tools: only the client's functions. Google's own (search, code execution, maps …) are billed apart from tokens, so
// they are never requested.
import { isJsonArray, isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/index.js';
import { functionIn, isAnyCall } from '../chat.js';
import { Untranslatable } from '../wire.js';
import { geminiName } from './names.js';
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
    name: geminiName(name),
    ...(typeof description === 'string' && { description }),
    ...(isJsonObject(parameters) && {
      parametersJsonSchema: schemaOf(parameters, `${at}.function.parameters`),
    }),
  };
}

/** The function of a tool, or of a choice of one, if it has a name. */
function functionOf(tool: JsonValue | undefined): (JsonObject & { readonly name: string }) | undefined {
  const called = functionIn(tool);
  const name = called?.['name'];
  return typeof name === 'string' ? { ...called, name } : undefined;
}

const isStrict = (tool: JsonValue): boolean => functionOf(tool)?.strict === true;

/** Undefined for Gemini's default, `auto`. Calls that must follow their schema are `VALIDATED`. */
function callingConfig(choice: JsonValue, strict: boolean): JsonObject | undefined {
  if (choice === 'auto') return strict ? { mode: 'VALIDATED' } : undefined;
  if (choice === 'none') return { mode: 'NONE' };
  if (isAnyCall(choice)) return { mode: 'ANY' };
  const name = functionOf(choice)?.name;
  if (name !== undefined) return { mode: 'ANY', allowedFunctionNames: [geminiName(name)] };
  return allowedTools(choice);
}

function allowedTools(choice: JsonValue): JsonObject {
  const allowed = isJsonObject(choice) ? choice['allowed_tools'] : undefined;
  const { mode, tools }: JsonObject = isJsonObject(allowed) ? allowed : {};
  const named = isJsonArray(tools) ? tools.map(functionOf).filter((one) => one !== undefined) : [];
  const isWhole = isJsonArray(tools) && tools.length > 0 && named.length === tools.length;
  if (isWhole && (mode === 'auto' || mode === 'required')) {
    const allowedFunctionNames = named.map(({ name }) => geminiName(name));
    return { mode: mode === 'auto' ? 'VALIDATED' : 'ANY', allowedFunctionNames };
  }
  throw new Untranslatable(
    '"tool_choice" must be "auto", "none", "required", a function, or "allowed_tools" that are functions.',
    'tool_choice',
  );
}
