// The tools of a Responses request in chat completions, which only know functions, and the mapping from function calls
// back to tools.
import { isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/index.js';
import { defined, objectIn, objectsOf, textIn } from '../json.js';
import { toolName } from '../openai.js';
import { refuseField, Untranslatable } from '../wire.js';
import { customParameters, OWN_TOOLS } from './own-tools.js';
import { shown } from './unsupported.js';

/** The tool that a chat's function stands for. */
export interface Origin {
  /** `function`, `custom`, or the type of one of OpenAI's own tools. */
  readonly type: string;
  readonly name: string;
  readonly namespace?: string;
}

/** The name of a tool as a function; functions have no namespaces. */
export const flatName = ({ namespace, name }: Pick<Origin, 'name' | 'namespace'>): string =>
  namespace === undefined ? name : toolName(`${namespace}__${name}`);

/** The tools that a request offers: in `tools`, in its input, and in the results of a client-side search. */
export class Toolbox {
  readonly #tools = new Map<string, { readonly origin: Origin; readonly tool: JsonObject }>();
  readonly #choice: JsonValue | undefined;

  /** @throws Untranslatable for tools that run at the provider, and for tools without a chat equivalent. */
  constructor(body: JsonObject) {
    this.#addAll(body['tools'] ?? undefined, 'tools');
    for (const [index, item] of itemsOf(body['input']).entries()) {
      const type = isJsonObject(item) ? item['type'] : undefined;
      if (isJsonObject(item) && (type === 'additional_tools' || type === 'tool_search_output'))
        this.#addAll(item['tools'] ?? undefined, `input[${index}].tools`);
    }
    this.#choice = this.#choose(body['tool_choice'] ?? undefined);
  }

  /** As chat tools; undefined when there are none. */
  get tools(): readonly JsonObject[] | undefined {
    return this.#tools.size === 0 ? undefined : [...this.#tools.values()].map(({ tool }) => tool);
  }

  get choice(): JsonValue | undefined {
    return this.#choice;
  }

  originOf(name: string): Origin {
    return this.#tools.get(name)?.origin ?? { type: 'function', name };
  }

  #addAll(tools: JsonValue | undefined, at: string): void {
    if (tools === undefined) return;
    if (!Array.isArray(tools)) throw new Untranslatable(`"${at}" must be a list of tools.`, at);
    for (const [index, tool] of (tools as readonly JsonValue[]).entries())
      this.#add(isJsonObject(tool) ? tool : {}, `${at}[${index}]`);
  }

  #add(tool: JsonObject, at: string, namespace?: string): void {
    const type = textIn(tool, 'type') ?? '';
    if (type === 'namespace' && namespace === undefined) {
      const inner = objectsOf(tool['tools']);
      for (const [index, one] of inner.entries()) this.#add(one, `${at}.tools[${index}]`, nameOf(tool, at));
      return;
    }
    // If the provider would search, all tools are offered at once.
    if (type === 'tool_search' && tool['execution'] !== 'client') return;
    const origin = { type, name: nameOf(tool, at, type), ...(namespace !== undefined && { namespace }) };
    const name = this.#nameFor(origin);
    if (!this.#tools.has(name)) this.#tools.set(name, { origin, tool: functionOf(tool, name, at) });
  }

  /** The name that the tool has already, as a search may find it again, or one that no other tool has: `a__b` of `c` may be `b__c` of `a`, too. */
  #nameFor(origin: Origin): string {
    const flat = flatName(origin);
    let name = flat;
    for (let other = 2; !isOf(this.#tools.get(name)?.origin ?? origin, origin); other++)
      name = toolName(`${flat}_${other}`);
    return name;
  }

  /** Only the allowed tools are offered: not every provider supports such a choice. */
  #choose(choice: JsonValue | undefined): JsonValue | undefined {
    if (choice === undefined || choice === 'auto' || choice === 'none' || choice === 'required') return choice;
    const { type, mode, tools }: JsonObject = isJsonObject(choice) ? choice : {};
    if (type === 'allowed_tools' && (mode === 'auto' || mode === 'required')) {
      const allowed = objectsOf(tools);
      for (const [name, { origin }] of this.#tools)
        if (!allowed.some((one) => isMeant(one, origin))) this.#tools.delete(name);
      return this.#tools.size === 0 ? undefined : mode;
    }
    const [name] = [...this.#tools].find(([, { origin }]) => isJsonObject(choice) && isMeant(choice, origin)) ?? [];
    if (name !== undefined) return { type: 'function', function: { name } };
    throw new Untranslatable(
      '"tool_choice" must be auto, none, required, allowed_tools, or a tool of the request by its type and name.',
      'tool_choice',
    );
  }
}

const isOf = (one: Origin, other: Origin): boolean =>
  one.type === other.type && one.name === other.name && one.namespace === other.namespace;

const itemsOf = (input: JsonValue | undefined): readonly JsonValue[] =>
  Array.isArray(input) ? (input as readonly JsonValue[]) : [];

/** OpenAI's own tools are named by their type. */
function nameOf(tool: JsonObject, at: string, type = 'namespace'): string {
  if (Object.hasOwn(OWN_TOOLS, type)) return type;
  const name = textIn(tool, 'name');
  if (name === undefined && ['function', 'custom', 'namespace'].includes(type))
    throw new Untranslatable(`"${at}" must have a "name".`, at);
  return name ?? '';
}

/** Whether a choice names the tool; naming a namespace names every tool in it. */
function isMeant(choice: JsonObject, { type, name, namespace }: Origin): boolean {
  const [meant, called] = [textIn(choice, 'type'), textIn(choice, 'name')];
  if (meant === 'namespace') return namespace !== undefined && namespace === called;
  const within = textIn(choice, 'namespace');
  return meant === type && (called === undefined || called === name) && (within === undefined || within === namespace);
}

/**
 * `strict` is on by default here, but OpenAI accepts unfit schemas anyway; so without an explicit value, none is sent.
 */
function functionOf(tool: JsonObject, name: string, at: string): JsonObject {
  const { type, parameters, strict } = tool;
  const description = tool['description'] ?? undefined;
  const chatTool = (fields: JsonObject): JsonObject => ({ type: 'function', function: defined({ name, ...fields }) });
  if (type === 'function')
    return chatTool({ description, parameters: parameters ?? undefined, strict: strict ?? undefined });
  if (type === 'custom') return chatTool({ description, parameters: customParameters(objectIn(tool, 'format'), at) });
  const named = textIn(tool, 'type') ?? '';
  const own = Object.hasOwn(OWN_TOOLS, named) ? OWN_TOOLS[named] : undefined;
  if (own === undefined) refuseField(at, `a chat has nothing like a tool of type ${shown(type)}`);
  return chatTool({ description: description ?? own.description, parameters: parameters ?? own.parameters });
}
