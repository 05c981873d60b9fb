// Tools of the Responses API that the client runs and that are no functions, as the functions that other makers' models know: what such a
// function is called with is what the item of its call holds. https://developers.openai.com/api/docs/guides/tools
import type { JsonObject } from '../../../kernel/index.js';

export interface OwnTool {
  /** The type of its call, and where that has what it is called with. */
  readonly item: string;
  readonly field: string;
  /** What is the same in every call. */
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

/** The one parameter of a custom tool as a function. */
export const CUSTOM_INPUT = 'input';

/** A grammar can't be enforced elsewhere, so it is told. */
export function customParameters(format: JsonObject | undefined): JsonObject {
  const definition = format?.['type'] === 'grammar' ? format['definition'] : undefined;
  const description =
    definition === undefined
      ? 'The whole input, as it is.'
      : `The whole input, as it is. It must match this ${String(format?.['syntax'])} grammar:\n${String(definition)}`;
  return objectOf({ [CUSTOM_INPUT]: { ...TEXT, description } }, [CUSTOM_INPUT]);
}
