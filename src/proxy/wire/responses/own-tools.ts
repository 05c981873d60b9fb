// Client-run tools of the Responses API that are not functions, translated into functions for other makers' models: the
// arguments of the function call are the content of the call's item.
// https://developers.openai.com/api/docs/guides/tools
import type { JsonObject } from '../../../kernel/index.js';
import { textIn } from '../json.js';
import { Untranslatable } from '../wire.js';

export interface OwnTool {
  /** The type of its call item, and the field with the arguments. */
  readonly item: string;
  readonly field: string;
  /** Fields that are the same in every call. */
  readonly always?: JsonObject;
  readonly description: string;
  readonly parameters: JsonObject;
}

const TEXT = { type: 'string' };
const COUNT = { type: 'integer' };
const TEXTS = { type: 'array', items: TEXT };
const objectOf = (properties: JsonObject, required: readonly string[]): JsonObject => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});

export const OWN_TOOLS: Readonly<Record<string, OwnTool>> = {
  apply_patch: {
    item: 'apply_patch_call',
    field: 'operation',
    description: 'Creates, updates or deletes a file.',
    parameters: objectOf(
      {
        type: { type: 'string', enum: ['create_file', 'update_file', 'delete_file'] },
        path: TEXT,
        diff: {
          ...TEXT,
          description:
            'The content as a V4A diff: "@@" and a line to find the place, then lines that begin with "+", "-" or a space; of a new file only lines with "+". Not for delete_file.',
        },
      },
      ['type', 'path'],
    ),
  },
  local_shell: {
    item: 'local_shell_call',
    field: 'action',
    always: { type: 'exec', env: {} },
    description: 'Runs a command.',
    parameters: objectOf({ command: TEXTS, working_directory: TEXT, timeout_ms: COUNT }, ['command']),
  },
  shell: {
    item: 'shell_call',
    field: 'action',
    always: { timeout_ms: null, max_output_length: null },
    description: 'Runs commands of a shell.',
    parameters: objectOf({ commands: TEXTS, timeout_ms: COUNT, max_output_length: COUNT }, ['commands']),
  },
  tool_search: {
    item: 'tool_search_call',
    field: 'arguments',
    description: 'Finds tools by what they should do.',
    parameters: objectOf({ query: TEXT }, ['query']),
  },
};

/** The only parameter of a custom tool as a function. */
export const CUSTOM_INPUT = 'input';

/** Other providers can't enforce a grammar, so the description states it. @throws Untranslatable for a grammar that is none */
export function customParameters(format: JsonObject | undefined, at: string): JsonObject {
  let description = 'The whole input, as it is.';
  if (format?.['type'] === 'grammar') {
    const [syntax, definition] = [textIn(format, 'syntax'), textIn(format, 'definition')];
    if (syntax === undefined || definition === undefined)
      throw new Untranslatable(`"${at}.format" must have a "syntax" and a "definition".`, `${at}.format`);
    description = `${description} It must match this ${syntax} grammar:\n${definition}`;
  }
  return objectOf({ [CUSTOM_INPUT]: { ...TEXT, description } }, [CUSTOM_INPUT]);
}
