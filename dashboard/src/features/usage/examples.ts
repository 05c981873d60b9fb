// The same call as other programs make it.

export const BASE_URL = `${window.location.origin}/v1`;

export interface ChatRequest {
  readonly model: string;
  readonly messages: readonly { readonly role: 'system' | 'user' | 'assistant'; readonly content: string }[];
  readonly temperature?: number;
  readonly max_tokens?: number;
  readonly stream?: boolean;
}

/** A text within single quotes of a POSIX shell. */
const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

/** With the key itself, or with a variable of the shell that holds it. */
export const curlOf = (request: ChatRequest, key?: string): string =>
  [
    `curl ${request.stream === true ? '-N ' : ''}${BASE_URL}/chat/completions \\`,
    key === undefined ? `  -H "Authorization: Bearer $TOKENHUB_KEY" \\` : `  -H 'Authorization: Bearer ${key}' \\`,
    `  -H 'Content-Type: application/json' \\`,
    `  -d ${quoted(JSON.stringify(request, undefined, 2))}`,
  ].join('\n');

/** A string of JSON is one of Python, too. */
export function pythonOf({ model, messages, temperature, max_tokens: most, stream }: ChatRequest): string {
  const options = [
    `    model=${JSON.stringify(model)},`,
    '    messages=[',
    ...messages.map(({ role, content }) => `        {"role": "${role}", "content": ${JSON.stringify(content)}},`),
    '    ],',
    ...(temperature === undefined ? [] : [`    temperature=${temperature},`]),
    ...(most === undefined ? [] : [`    max_tokens=${most},`]),
    ...(stream === true ? ['    stream=True,'] : []),
  ];
  const show =
    stream === true
      ? [
          'for chunk in answer:',
          '    for choice in chunk.choices:',
          '        print(choice.delta.content or "", end="")',
        ]
      : ['print(answer.choices[0].message.content)'];
  return [
    'import os',
    'from openai import OpenAI',
    '',
    `client = OpenAI(base_url=${JSON.stringify(BASE_URL)}, api_key=os.environ["TOKENHUB_KEY"])`,
    'answer = client.chat.completions.create(',
    ...options,
    ')',
    ...show,
  ].join('\n');
}
