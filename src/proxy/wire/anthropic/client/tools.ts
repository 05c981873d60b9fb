// The tools of a Messages request in chat completions.
import { isJsonObject, type JsonObject, type JsonValue } from '../../../../kernel/index.js';
import { Untranslatable } from '../../wire.js';
import { defined, objectIn, objectsOf, textIn } from '../../json.js';
import { canBeStrict, toolName, toolSchema } from '../../openai.js';

/** @throws Untranslatable for tools that only Claude can use. */
export function chatTools(tools: JsonValue | undefined): readonly JsonObject[] | undefined {
  const own = objectsOf(tools).map((tool, index) => {
    const schema = objectIn(tool, 'input_schema');
    const name = textIn(tool, 'name');
    if ((tool['type'] ?? 'custom') !== 'custom' || schema === undefined || name === undefined) {
      const at = `tools[${index}]`;
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
    objectsOf(request['tools']).map((tool) => {
      const name = textIn(tool, 'name') ?? '';
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
