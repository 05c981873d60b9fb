// How a provider's names of models meet the names that we send. A call for `gpt-4o` is reported, and billed, as the snapshot that answered:
// `gpt-4o-2024-08-06` (https://platform.openai.com/docs/models/gpt-4o), `claude-sonnet-4-5-20250929`, `claude-sonnet-4-5@20250929`.
const SNAPSHOT = /[-@](?:\d{4}-\d{2}-\d{2}|\d{8}|latest)$/;

const undated = (model: string): string => model.replace(SNAPSHOT, '');

/** Billed names, and what they are called here, for those that a date does not explain. */
export type Aliases = Readonly<Record<string, string>>;

/**
 * The name under which calls of a model are compared. A snapshot is compared by itself, unless we also send the name without its date: then
 * nothing in the bill tells the two apart.
 */
export function comparedName(sent: ReadonlySet<string>, aliases: Aliases = {}): (model: string) => string {
  const names = new Set([...sent].map((model) => aliases[model] ?? model));
  return (model) => {
    const name = aliases[model] ?? model;
    return names.has(undated(name)) ? undated(name) : name;
  };
}
