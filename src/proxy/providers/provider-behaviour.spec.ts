import { describe, expect, it } from 'vitest';
import { onDisconnect } from './provider-behaviour.js';

describe('a provider whose stream is left', () => {
  it.each([
    'https://api.openai.com/v1',
    'https://example.openai.azure.com/openai/v1',
    'https://api.anthropic.com/v1',
    'https://dashscope-intl.aliyuncs.com/compatible-mode/v1',
    'http://127.0.0.1:8000/v1',
    'http://[::1]:8000/v1',
    'http://10.1.2.3/v1',
    'http://172.31.0.1/v1',
    'http://localhost:11434/v1',
    'http://vllm:8000/v1',
    'https://llm.corp.internal/v1',
  ])('stops: %s', (baseUrl) => expect(onDisconnect({ baseUrl })).toBe('cancels'));

  it.each([
    'https://generativelanguage.googleapis.com/v1beta',
    'https://api.groq.com/openai/v1',
    'https://openrouter.ai/api/v1',
    'https://api.moonshot.ai/v1',
    'https://notopenai.com/v1',
    'https://api.openai.com.example.org/v1',
    'http://172.32.0.1/v1',
  ])('may go on: %s', (baseUrl) => expect(onDisconnect({ baseUrl })).toBe('continues'));

  it('does what its channel says', () => {
    expect(onDisconnect({ baseUrl: 'https://api.openai.com/v1', onDisconnect: 'continues' })).toBe('continues');
    expect(onDisconnect({ baseUrl: 'https://llm.example.com/v1', onDisconnect: 'cancels' })).toBe('cancels');
  });
});
