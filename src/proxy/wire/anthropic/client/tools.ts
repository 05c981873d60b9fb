// The tools of a Messages request in chat completions.
import { isJsonObject, type JsonObject, type JsonValue } from '../../../../kernel/index.js';
import { Untranslatable } from '../../wire.js';
import { defined, objectIn, objectsOf, textIn } from '../../json.js';
import { canBeStrict, toolName, toolSchema } from '../../openai.js';
import { blocksOfMessages, type Placed } from '../blocks.js';
import { addedTool } from '../unsupported.js';

/**
 * The tools of a request and their places: those it begins with, and what its conversation adds and removes. Claude Code adds those of a
 * server that is late (https://platform.claude.com/docs/en/build-with-claude/mid-conversation-system-messages).
 */
function search(body: JsonObject): readonly Placed[] {
  const begun = objectsOf(body['tools']).map((block, index) => ({ block, at: `tools[${index}]` }));
  const known = new Map(begun.map((tool) => [nameOf(tool.block), tool]));
  const gone = new Set<string>();
  for (const { block, at } of blocksOfMessages(body['messages'])) {
    const definition = addedTool(block);
    const name = nameOf(definition ?? objectIn(block, 'tool') ?? {});
    if (definition !== undefined) known.set(name, { block: definition, at });
    if (block['type'] === 'tool_removal') gone.add(name);
    else if (block['type'] === 'tool_addition') gone.delete(name);
  }
  return [...known].flatMap(([name, tool]) => (gone.has(name) ? [] : [tool]));
}

/** What was found in requests that are under way: it is asked for by each channel, and for each answer. */
const found = new WeakMap<JsonObject, readonly Placed[]>();

function offered(body: JsonObject): readonly Placed[] {
  let tools = found.get(body);
  if (tools === undefined) found.set(body, (tools = search(body)));
  return tools;
}

/** The name of a tool, or a text that is none. */
const nameOf = (tool: JsonObject): string => textIn(tool, 'name') ?? JSON.stringify(tool);

/** @throws Untranslatable for tools that only Claude can use. */
export function chatTools(body: JsonObject): readonly JsonObject[] | undefined {
  const own = offered(body).map(({ block: tool, at }) => {
    const schema = objectIn(tool, 'input_schema');
    const name = textIn(tool, 'name');
    if ((tool['type'] ?? 'custom') !== 'custom' || schema === undefined || name === undefined) {
      throw new Untranslatable(
        `"${at}" must have a "name" and an "input_schema": this model knows no built-in tools.`,
        at,
      );
    }
    // OpenAI refuses `strict` for a schema outside its subset.
    const parameters = toolSchema(schema);
    const strict = (tool['strict'] === true && canBeStrict(schema)) || undefined;
    return {
      type: 'function',
      function: defined({ name: toolName(name), description: textIn(tool, 'description'), parameters, strict }),
    };
  });
  return own.length === 0 ? undefined : own;
}

/** The client's names for its tools, by the names sent to the model. */
export const clientNames = (request: JsonObject): ReadonlyMap<string, string> =>
  new Map(
    offered(request).map(({ block }) => {
      const name = textIn(block, 'name') ?? '';
      return [toolName(name), name];
    }),
  );

/** `tool_choice` and `parallel_tool_calls`, where they are set. @throws Untranslatable */
export function chatToolChoice(choice: JsonValue | undefined): JsonObject {
  if (choice === undefined || choice === null) return {};
  if (!isJsonObject(choice)) throw new Untranslatable('"tool_choice" must be an object with a "type".', 'tool_choice');
  const parallel = choice['disable_parallel_tool_use'] === true ? { parallel_tool_calls: false } : {};
  return { tool_choice: choiceOf(choice), ...parallel };
}

function choiceOf(choice: JsonObject): JsonValue {
  switch (textIn(choice, 'type') ?? '') {
    case 'auto':
      return 'auto';
    case 'none':
      return 'none';
    case 'any':
      return 'required';
    case 'tool':
      return { type: 'function', function: { name: toolName(textIn(choice, 'name') ?? '') } };
    default:
      throw new Untranslatable('"tool_choice.type" must be auto, any, tool or none.', 'tool_choice');
  }
}
