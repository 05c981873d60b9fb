// Where token-hub is, and the key. Passed on explicitly: the clients would otherwise send it the key of another provider's variable.
export const { TOKENHUB_BASE_URL: baseURL = 'http://127.0.0.1:8080/v1', TOKENHUB_API_KEY: apiKey = '' } = process.env;

if (apiKey === '') {
  console.error('Set TOKENHUB_API_KEY to a key of token-hub, sk-th_…');
  process.exit(1);
}
