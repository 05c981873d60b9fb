// One streamed call of /v1, as any program makes it: with a key, and without the session.
import { ApiFailure } from '../../api/failure.ts';
import { BASE_URL, type ChatRequest } from './examples.ts';

interface ChatUsage {
  readonly prompt_tokens: number;
  readonly completion_tokens: number;
}

export interface ChatAnswer {
  readonly text: string;
  readonly usage?: ChatUsage;
  /** What it cost, in US dollars, as the gateway says in its comment. */
  readonly cost?: string;
  readonly requestId?: string | null;
  /** Why it is not whole. */
  readonly failure?: ApiFailure;
}

interface Chunk {
  readonly choices?: readonly { readonly delta?: { readonly content?: string | null } }[];
  readonly usage?: ChatUsage | null;
  readonly error?: { readonly message?: string; readonly code?: string | null };
}

const COST = /^: x-tokenhub-cost (\S+)$/;

/** Asks, and shows the answer each time that more of it is there. @throws ApiFailure when there is none */
export async function askModel(
  key: string,
  request: ChatRequest,
  { signal, show }: { readonly signal: AbortSignal; readonly show: (answer: ChatAnswer) => void },
): Promise<void> {
  const asked = new Request(`${BASE_URL}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ ...request, stream: true, stream_options: { include_usage: true } }),
    credentials: 'omit',
    signal,
  });
  const response = await fetch(asked);
  if (!response.ok || response.body === null) throw await ApiFailure.of(response);
  const requestId = response.headers.get('x-request-id');
  let answer: ChatAnswer = { text: '', requestId };
  let rest = '';
  const decoder = new TextDecoder();
  for (const reader = response.body.getReader(); ;) {
    const { done, value } = await reader.read();
    rest += decoder.decode(value, { stream: !done });
    const lines = rest.split('\n');
    rest = lines.pop() ?? '';
    answer = lines.reduce(withLine, answer);
    show(answer);
    if (done) return;
  }
}

/** An answer with one more line of its stream. */
export function withLine(answer: ChatAnswer, line: string): ChatAnswer {
  const text = line.trimEnd();
  const cost = COST.exec(text)?.[1];
  if (cost !== undefined) return { ...answer, cost };
  if (!text.startsWith('data: {')) return answer;
  const { choices, usage, error } = JSON.parse(text.slice('data: '.length)) as Chunk;
  const more = choices?.map(({ delta }) => delta?.content ?? '').join('') ?? '';
  const failure = error && new ApiFailure(error.message ?? '', 200, error.code ?? '', null, answer.requestId);
  return { ...answer, text: answer.text + more, ...(usage && { usage }), ...(failure && { failure }) };
}
