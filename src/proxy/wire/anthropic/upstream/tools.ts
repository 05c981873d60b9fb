// Tools and how they may be called. https://platform.claude.com/docs/en/agents-and-tools/tool-use/define-tools
import { isJsonObject, type JsonObject, type JsonValue } from '../../../../kernel/index.js';
import { functionIn, isAnyCall } from '../../chat.js';
import { Untranslatable } from '../../wire.js';
import { defined, objectIn, objectsOf, textIn } from '../../json.js';
import type { Traits } from '../models.js';
import { cacheControl } from './content.js';
import { supportedSchema } from './schema.js';

/** The tools of a request; undefined when it has none. @throws Untranslatable */
export function toolsOf(chat: JsonObject): readonly JsonObject[] | undefined {
  const tools = chat['tools'] ?? undefined;
  if (tools === undefined) return undefined;
  if (!Array.isArray(tools)) throw new Untranslatable('"tools" must be a list of tools.', 'tools');
  const allowed = allowedIn(chat['tool_choice']);
  const own = (tools as readonly JsonValue[])
    .map((tool, index) => toolOf(tool, `tools[${index}]`))
    .filter(({ name }) => allowed === undefined || allowed.names.includes(name));
  if (own.length > 0) return own;
  if (allowed !== undefined) throw badChoice();
  return undefined;
}

interface Allowed {
  readonly names: readonly (JsonValue | undefined)[];
  readonly mode: 'auto' | 'required';
}

/** OpenAI's choice among some of the tools. Anthropic has none, so only those are offered. @throws Untranslatable */
function allowedIn(choice: JsonValue | undefined): Allowed | undefined {
  if (!isJsonObject(choice) || choice['type'] !== 'allowed_tools') return undefined;
  const { mode, tools }: JsonObject = objectIn(choice, 'allowed_tools') ?? {};
  const names = objectsOf(tools).map((tool) => functionIn(tool)?.['name']);
  if ((mode === 'auto' || mode === 'required') && !names.includes(undefined)) return { names, mode };
  throw badChoice();
}

const badChoice = (): Untranslatable =>
  new Untranslatable(
    '"tool_choice" must be "auto", "none", "required", a function by its name, or "allowed_tools" that are functions.',
    'tool_choice',
  );

function toolOf(tool: JsonValue, at: string): JsonObject {
  const called = functionIn(tool);
  if (!isJsonObject(tool) || called === undefined)
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
  if (isAnyCall(choice)) return { type: 'any' };
  const allowed = allowedIn(choice);
  if (allowed !== undefined) return choiceOf(allowed.mode);
  const named = functionIn(choice);
  const name = named && textIn(named, 'name');
  if (name !== undefined) return { type: 'tool', name };
  throw badChoice();
}
