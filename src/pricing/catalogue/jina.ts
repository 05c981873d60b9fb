import { LITELLM, LIVE, flat, type Model } from './model.js';

export const JINA: readonly Model[] = [
  {
    maker: 'jina',
    id: 'jina-reranker-v2-base-multilingual',
    name: 'Jina Reranker v2 Base Multilingual',
    kind: 'rerank',
    input: ['text'],
    output: ['text'],
    tokenLimitField: 'max_tokens',
    imageTokens: 0,
    contextWindow: 1_024,
    maxOutputTokens: 0,
    lifecycle: LIVE,
    prices: flat({ input: '0.05', output: '0' }, LITELLM),
  },
];
