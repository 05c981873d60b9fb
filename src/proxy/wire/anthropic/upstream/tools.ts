// Tools and how they may be called. https://platform.claude.com/docs/en/agents-and-tools/tool-use/define-tools
import { isJsonObject, type JsonObject, type JsonValue } from '../../../../kernel/index.js';
import { Untranslatable } from '../../wire.js';
import { defined, objectIn, textIn } from '../../json.js';
import type { Traits } from '../models.js';
import { cacheControl } from './content.js';
import { supportedSchema } from './schema.js';

/** The tools of a request; undefined when it has none. @throws Untranslatable */
export function toolsOf(chat: JsonObject): readonly JsonObject[] | undefined {
  const tools = chat['tools'] ?? undefined;
  if (tools === undefined) return undefined;
  if (!Array.isArray(tools)) throw new Untranslatable('"tools" must be a list of tools.', 'tools');
  const own = (tools as readonly JsonValue[]).map((tool, index) => toolOf(tool, `tools[${index}]`));
  return own.length === 0 ? undefined : own;
}

function toolOf(tool: JsonValue, at: string): JsonObject {
  const called = isJsonObject(tool) && tool['type'] === 'function' ? tool['function'] : undefined;
  if (!isJsonObject(tool) || !isJsonObject(called))
    throw new Untranslatable(`"${at}" must be of type "function": this model has no other tools here.`, at);
  const name = textIn(called, 'name');
  if (name === undefined) throw new Untranslatable(`"${at}.function.name" must be the name of the tool.`, at);
  const schema = { properties: {}, ...objectIn(called, 'parameters'), type: 'object' };
  const strict = called['strict'] === true;
  return defined({
    name,
    description: textIn(called, 'description'),
    input_schema: strict ? supportedSchema(schema, `${at}.function.parameters`) : schema,
    strict: strict || undefined,
    ...cacheControl(called),
    ...cacheControl(tool),
  });
}

/** Undefined when the model may choose freely, which is the default. @throws Untranslatable */
export function toolChoiceOf(chat: JsonObject, traits: Traits): JsonObject | undefined {
  const choice = choiceOf(chat['tool_choice'] ?? 'auto');
  if (!traits.forcedTools && (choice['type'] === 'any' || choice['type'] === 'tool')) {
    throw new Untranslatable(
      'This model can’t be forced to call a tool: send "tool_choice": "auto" and say in the prompt when to call it.',
      'tool_choice',
    );
  }
  const oneAtATime = chat['parallel_tool_calls'] === false && choice['type'] !== 'none';
  if (oneAtATime) return { ...choice, disable_parallel_tool_use: true };
  return choice['type'] === 'auto' ? undefined : choice;
}

function choiceOf(choice: JsonValue): JsonObject {
  if (choice === 'auto' || choice === 'none') return { type: choice };
  if (choice === 'required') return { type: 'any' };
  const named = isJsonObject(choice) && choice['type'] === 'function' ? objectIn(choice, 'function') : undefined;
  const name = named && textIn(named, 'name');
  if (name !== undefined) return { type: 'tool', name };
  throw new Untranslatable(
    '"tool_choice" must be "auto", "none", "required" or a function by its name.',
    'tool_choice',
  );
}
