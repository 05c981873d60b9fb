// Names of functions. Gemini's begin with a letter or an underscore (https://ai.google.dev/api/caching#FunctionDeclaration), those of OpenAI
// and Anthropic may begin with a digit or a dash, as Cline names tools of MCP servers (https://github.com/cline/cline/issues/7339). Such a name
// gets an underscore in front, and so does one that looks as if it had got one. One that has become too long by that is shortened, and found again
// among the tools of the request. So every name comes back as what it was.
import type { JsonObject } from '../../../kernel/index.js';
import { functionIn } from '../chat.js';
import { objectsOf, textIn } from '../json.js';
import { toolName } from '../openai.js';

export const geminiName = (name: string): string => (/^_*[\d-]/.test(name) ? toolName(`_${name}`) : name);

/** The client's names, by Gemini's, of those that were shortened; undefined for nearly all requests. */
export function shortenedNames(chat: JsonObject): ReadonlyMap<string, string> | undefined {
  const names = objectsOf(chat['tools']).flatMap((tool) => textIn(functionIn(tool) ?? {}, 'name') ?? []);
  const shortened = names.filter((name) => geminiName(name).length <= name.length && geminiName(name) !== name);
  return shortened.length === 0 ? undefined : new Map(shortened.map((name) => [geminiName(name), name]));
}

export const clientName = (name: string, shortened?: ReadonlyMap<string, string>): string =>
  shortened?.get(name) ?? (/^_+[\d-]/.test(name) ? name.slice(1) : name);
