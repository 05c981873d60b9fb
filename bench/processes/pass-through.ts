// The least a gateway can be: node:http in front, undici behind, bytes piped. No key, no limit, no ledger.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { Agent } from 'undici';
import { listen, serveCommands } from './child.ts';

const [origin = ''] = process.argv.slice(2);
const agent = new Agent();

async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const answer = await agent.request({
    origin,
    path: `/pass-through/openai${request.url}`,
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: Buffer.concat(chunks),
  });
  response.writeHead(answer.statusCode, { 'content-type': String(answer.headers['content-type']) });
  await pipeline(answer.body, response);
}

const port = await listen(createServer((request, response) => void handle(request, response)));
serveCommands(port, {
  resources: async () => {
    const { user, system } = process.cpuUsage();
    return { rssBytes: process.memoryUsage.rss(), cpuSeconds: (user + system) / 1e6 };
  },
});
