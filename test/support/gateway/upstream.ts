// A provider that does what a test tells it to, byte for byte, and remembers what it was sent.
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { JsonObject } from '../../../src/kernel/index.js';

export interface UpstreamCall {
  readonly headers: IncomingHttpHeaders;
  readonly path: string;
  /** Empty of a form. */
  readonly body: JsonObject;
  readonly response: ServerResponse;
}

export type Script = (call: UpstreamCall) => void;

export interface ScriptedUpstream {
  readonly url: string;
  readonly calls: UpstreamCall[];
  /** What it does from the next call on. */
  script: Script;
  close(): Promise<void>;
}

export async function startUpstream(script: Script): Promise<ScriptedUpstream> {
  const calls: UpstreamCall[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const isForm = request.headers['content-type']?.startsWith('multipart/form-data');
      const body = isForm ? {} : (JSON.parse(Buffer.concat(chunks).toString()) as JsonObject);
      const call = { headers: request.headers, path: request.url ?? '', body, response };
      calls.push(call);
      upstream.script(call);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const upstream: ScriptedUpstream = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    script,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return upstream;
}

/** Counts the tokens of a usage block. */
export const usageBlock = (prompt: number, completion: number): JsonObject => ({
  prompt_tokens: prompt,
  completion_tokens: completion,
  total_tokens: prompt + completion,
});

/** Answers with a completion of one short sentence. */
export const answering =
  (usage: JsonObject | undefined = usageBlock(10, 5), more: JsonObject = {}): Script =>
  ({ body, response }) => {
    const choices = [{ index: 0, message: { role: 'assistant', content: 'Hello.' }, finish_reason: 'stop' }];
    sendJson(response, 200, {
      id: 'chatcmpl-1',
      object: 'chat.completion',
      model: body['model'],
      choices,
      usage,
      ...more,
    });
  };

/** Refuses with a status and an error as OpenAI words them. */
export const refusing =
  (status: number, error: JsonObject | string): Script =>
  ({ response }) =>
    sendJson(response, status, { error });

/** Sends an event stream as it is given, in one write each. */
export const streaming =
  (...pieces: readonly (string | Buffer)[]): Script =>
  ({ response }) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const piece of pieces) response.write(piece);
    response.end();
  };

export function sendJson(response: ServerResponse, status: number, body: JsonObject): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** A frame of a stream with a piece of text. */
export const contentFrame = (content: string, more: JsonObject = {}): string => {
  const choices = [{ index: 0, delta: { content }, finish_reason: null }];
  return frame({ id: 'chatcmpl-1', object: 'chat.completion.chunk', choices, ...more });
};

/** The frame that says why an answer ended. */
export const finishFrame = (finish_reason = 'stop'): string =>
  contentFrame('', { choices: [{ index: 0, delta: {}, finish_reason }] });

/** The frame with which OpenAI reports the usage of a stream. */
export const usageFrame = (usage: JsonObject = usageBlock(10, 5)): string =>
  frame({ id: 'chatcmpl-1', object: 'chat.completion.chunk', choices: [], usage });

export const frame = (data: JsonObject): string => `data: ${JSON.stringify(data)}\n\n`;
export const DONE = 'data: [DONE]\n\n';
