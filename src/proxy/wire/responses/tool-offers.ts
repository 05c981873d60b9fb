// The tools that a Responses request offers in any place: `tools`, the `additional_tools` of its input, the results of
// a tool search, and the `allowed_tools` of its choice. Tools that the client runs pass. Tools that run at OpenAI are
// billed by the call or the hour, not by tokens: a request that needs one is refused by name. Many clients list web
// search and image generation by default without ever using them (Codex lists `web_search` in every request), so these
// are left out, and the answer says so. https://developers.openai.com/api/docs/pricing#built-in-tools
import { isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/index.js';
import { objectIn, textIn } from '../json.js';
import { refuseField, Untranslatable } from '../wire.js';
import { shown } from './unsupported.js';

/** Tools whose calls the client carries out. https://developers.openai.com/api/docs/guides/tools */
const AT_THE_CLIENT =
  /^(?:function|custom|namespace|apply_patch|local_shell|tool_search|computer|computer_use_preview)$/;
/** Includes xAI's search of X. No more than known words: a header of the answer has them. */
const LEFT_OUT = /^(?:web_search(?:_preview)?(?:_\d{4}_\d\d_\d\d)?|image_generation|x_search)$/;

const BILLED_APART = 'it runs at the provider and is billed apart from tokens';

export interface Offered {
  /** The request without the tools that are left out. */
  readonly body: JsonObject;
  /** The types of the tools that are left out, each once. */
  readonly leftOut: readonly string[];
}

/** @throws Untranslatable naming the tool that can't be offered. */
export function withoutHosted(body: JsonObject): Offered {
  const sieve = new Sieve();
  const tools = sieve.list(body['tools'] ?? undefined, 'tools');
  const input = body['input'];
  const items = Array.isArray(input) ? sieve.items(input as readonly JsonValue[]) : input;
  sieve.check();
  const choice = choiceWithout(body['tool_choice'] ?? undefined);
  if (sieve.leftOut.size === 0) return { body, leftOut: [] };
  const { tools: _tools, tool_choice: _choice, ...rest } = body;
  const left = { ...(tools?.length && { tools }), ...(choice !== undefined && { tool_choice: choice }) };
  return { body: { ...rest, input: items ?? null, ...left }, leftOut: [...sieve.leftOut] };
}

class Sieve {
  readonly leftOut = new Set<string>();
  #first: string | undefined;
  #kept = 0;

  /** The tools of a list that stay. */
  list(tools: JsonValue | undefined, at: string): readonly JsonValue[] | undefined {
    if (tools === undefined) return undefined;
    if (!Array.isArray(tools)) throw new Untranslatable(`"${at}" must be a list of tools.`, at);
    return (tools as readonly JsonValue[]).filter((tool, index) => this.#stays(tool, `${at}[${index}]`));
  }

  /** The input items that stay. */
  items(input: readonly JsonValue[]): readonly JsonValue[] {
    return input.flatMap((item, index) => {
      const type = isJsonObject(item) ? item['type'] : undefined;
      if (!isJsonObject(item) || (type !== 'additional_tools' && type !== 'tool_search_output')) return [item];
      const offered = item['tools'];
      const tools = this.list(offered, `input[${index}].tools`) ?? [];
      if (Array.isArray(offered) && tools.length === offered.length) return [item];
      return tools.length === 0 && type === 'additional_tools' ? [] : [{ ...item, tools }];
    });
  }

  /** A request that offers only such tools wants them used. */
  check(): void {
    if (this.#first !== undefined && this.#kept === 0) refuseField(this.#first, BILLED_APART);
  }

  #stays(tool: JsonValue, at: string): boolean {
    const type = isJsonObject(tool) ? (textIn(tool, 'type') ?? '') : '';
    if (LEFT_OUT.test(type)) {
      this.leftOut.add(type);
      this.#first ??= at;
      return false;
    }
    if (!isAtClient(tool, type))
      refuseField(at, `a tool of type ${shown(type)} runs at the provider, or is not known here`);
    this.#kept++;
    return true;
  }
}

const isAtClient = (tool: JsonValue, type: string): boolean =>
  AT_THE_CLIENT.test(type) || (type === 'shell' && isJsonObject(tool) && isLocal(tool));

/**
 * The other shell environments are containers, billed by the hour.
 * https://developers.openai.com/api/docs/guides/tools-shell
 */
const isLocal = (shell: JsonObject): boolean => objectIn(shell, 'environment')?.['type'] === 'local';

/** The choice without the tools that are left out. @throws Untranslatable when nothing remains. */
function choiceWithout(choice: JsonValue | undefined): JsonValue | undefined {
  if (!isJsonObject(choice)) return choice;
  const type = textIn(choice, 'type') ?? '';
  if (LEFT_OUT.test(type)) refuseField('tool_choice', BILLED_APART);
  const allowed = type === 'allowed_tools' ? choice['tools'] : undefined;
  if (!Array.isArray(allowed)) return choice;
  const stay = allowed.filter((tool) => !isJsonObject(tool) || !LEFT_OUT.test(textIn(tool, 'type') ?? ''));
  if (allowed.length > 0 && stay.length === 0) refuseField('tool_choice.tools', BILLED_APART);
  return stay.length === allowed.length ? choice : { ...choice, tools: stay };
}
