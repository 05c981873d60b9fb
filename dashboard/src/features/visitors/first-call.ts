// The call that a reader copies, for each kind of model.

/** Where this token-hub is. */
export const BASE_URL = window.location.origin;
/** Stands for a key. In ASCII: clients can’t send anything else in a header, and fail before the gateway can say that it is no key. */
export const NOBODYS_KEY = 'sk-th_...';
export const QUESTION = 'Give me one fact about octopuses.';

const BODIES: Readonly<Record<string, readonly [path: string, body: object]>> = {
  chat: ['chat/completions', { messages: [{ role: 'user', content: QUESTION }] }],
  embedding: ['embeddings', { input: 'An octopus has three hearts.' }],
  image: ['images/generations', { prompt: 'An octopus that reads the newspaper' }],
  speech: ['audio/speech', { voice: 'alloy', input: 'An octopus has three hearts.' }],
  moderation: ['moderations', { input: 'An octopus has three hearts.' }],
  rerank: ['rerank', { query: 'How many hearts?', documents: ['Three hearts.', 'Eight arms.'] }],
};

/** A call of a model with curl. `key` is the key, or what stands for it. */
export function curlOf(kind: string, model: string, key = NOBODYS_KEY): string {
  const [path, body] = BODIES[kind] ?? ['audio/transcriptions', {}];
  const head = [`curl ${BASE_URL}/v1/${path} \\`, `  -H "Authorization: Bearer ${key}" \\`];
  if (kind === 'transcription') return [...head, `  -F model=${model} \\`, '  -F file=@speech.mp3'].join('\n');
  const saved = kind === 'speech' ? ' \\\n  --output speech.mp3' : '';
  const json = JSON.stringify({ model, ...body }, undefined, 2).replaceAll('\n', '\n  ');
  return [...head, '  -H "Content-Type: application/json" \\', `  -d '${json}'${saved}`].join('\n');
}
