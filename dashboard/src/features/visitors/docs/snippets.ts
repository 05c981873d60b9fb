// What the quickstart shows to be copied. `key` is what stands for the reader’s key, `model` one that can be called here.
import { BASE_URL, QUESTION } from '../first-call.ts';

export const ANSWER = `{
  "id": "chatcmpl-…",
  "object": "chat.completion",
  "model": "…",
  "choices": [
    { "index": 0, "message": { "role": "assistant", "content": "…" }, "finish_reason": "stop" }
  ],
  "usage": { "prompt_tokens": 14, "completion_tokens": 22, "total_tokens": 36 }
}`;

export const pythonOf = (model: string, key: string): string => `# pip install openai
from openai import OpenAI

client = OpenAI(base_url="${BASE_URL}/v1", api_key="${key}")
answer = client.chat.completions.create(
    model="${model}",
    messages=[{"role": "user", "content": "${QUESTION}"}],
)
print(answer.choices[0].message.content)`;

export const nodeOf = (model: string, key: string): string => `// npm install openai
import OpenAI from 'openai';

const client = new OpenAI({ baseURL: '${BASE_URL}/v1', apiKey: '${key}' });
const answer = await client.chat.completions.create({
  model: '${model}',
  messages: [{ role: 'user', content: '${QUESTION}' }],
});
console.log(answer.choices[0].message.content);`;

export const streamOf = (model: string, key: string): string => `curl -N ${BASE_URL}/v1/chat/completions \\
  -H "Authorization: Bearer ${key}" \\
  -H "Content-Type: application/json" \\
  -d '{"model":"${model}","stream":true,"messages":[{"role":"user","content":"${QUESTION}"}]}'`;

export const balanceOf = (key: string): string => `curl ${BASE_URL}/v1/account/balance \\
  -H "Authorization: Bearer ${key}"`;

export const modelsOf = (key: string): string => `curl ${BASE_URL}/v1/models \\
  -H "Authorization: Bearer ${key}"`;
