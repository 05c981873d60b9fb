/** The list of `GET /v1/models`. Chat completions accept any name. */
export const MODELS: readonly object[] = [
  ['claude-3-5-sonnet-20241022', 'anthropic'],
  ['deepseek-chat', 'deepseek'],
  ['gemini-2.0-flash', 'google'],
  ['glm-4-plus', 'zhipu'],
  ['gpt-4o', 'openai'],
  ['gpt-4o-mini', 'openai'],
  ['moonshot-v1-8k', 'moonshot'],
  ['qwen-plus', 'alibaba'],
].map(([id, owner]) => ({ id, object: 'model', created: 1_735_689_600, owned_by: owner }));
