// What is asked of every client, and what came of it. A client answers a feature by doing it with its own API; what it has no API for, it leaves out.

/** The rows of the table, in their order. */
export const FEATURES = [
  'Models',
  'Chat',
  'Streaming',
  'Usage of a stream',
  'System prompt',
  'Conversation',
  'Tools',
  'Tools, streamed',
  'Tool results',
  'Structured output',
  'Structured output, streamed',
  'Images in a prompt',
  'Files in a prompt',
  'Reasoning',
  'Token limit',
  'Stop sequence',
  'Errors',
  'Responses',
  'Responses, streamed',
  'Responses with tools',
  'Responses, structured',
  'Responses that are kept',
  'Completions',
  'Completions, streamed',
  'Embeddings',
  'Counting tokens',
  'Making images',
  'Speech',
  'Transcription',
  'Moderation',
  'Files and batches',
  'Standard tests of LangChain',
] as const;

export type Feature = (typeof FEATURES)[number];

/** One model for each wire format that providers speak: OpenAI's, Anthropic's and Gemini's. */
export const CHAT_MODELS = ['gpt-4o-mini', 'claude-haiku-4-5', 'gemini-2.5-flash'] as const;

export interface Place {
  /** With `/v1`. */
  readonly baseUrl: string;
  readonly key: string;
}

/** Does something with a client and throws where the answer is not what the client's users rely on. */
type Check = (model: string) => Promise<void>;

export interface Client {
  readonly name: string;
  /** What it is called in its registry, each with its version. */
  readonly packages: readonly string[];
  /** Done once for each of `CHAT_MODELS`. */
  readonly chat: Partial<Record<Feature, Check>>;
  /** Done once. */
  readonly others: Partial<Record<Feature, () => Promise<void>>>;
}

/** What was found: true, or why not, for each feature the client has. */
export interface Findings {
  readonly name: string;
  readonly packages: readonly string[];
  readonly found: ReadonlyMap<Feature, true | string>;
  /** What else is to be said. */
  readonly note?: string;
}

export async function findOut({ name, packages, chat, others }: Client): Promise<Findings> {
  const found = new Map<Feature, true | string>();
  for (const [feature, check] of Object.entries(chat)) found.set(feature as Feature, await ofEveryModel(check));
  for (const [feature, check] of Object.entries(others)) found.set(feature as Feature, await outcome(check()));
  return { name, packages, found };
}

async function ofEveryModel(check: Check): Promise<true | string> {
  for (const model of CHAT_MODELS) {
    const found = await outcome(check(model));
    if (found !== true) return `${model}: ${found}`;
  }
  return true;
}

const outcome = (work: Promise<void>): Promise<true | string> =>
  work.then(
    () => true as const,
    (error: unknown) => firstLine(error instanceof Error ? error.message : String(error)),
  );

const firstLine = (message: string): string => message.split('\n')[0] || 'failed without a word';
