// How the gateway serves the dashboard.
// Modes: embedded. Files have nothing to do with stores.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { request } from '../../support/gateway/calls.js';
import { startGateway, type TestGateway } from '../../support/gateway/gateway.js';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startGateway();
});
afterAll(() => gateway.close());

const BROWSER = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' };
const get = (path: string, headers: Readonly<Record<string, string>> = BROWSER) =>
  request(`${gateway.url}${path}`, { headers });

describe('the dashboard', () => {
  it.each(['/', '/topup', '/keys?new=1', '/finance/refunds', '/no-such-page'])(
    'is what a browser gets at %s',
    async (path) => {
      const { status, headers, text } = await get(path);
      expect([status, headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
      expect(text).toMatch(/<div id="root">\s*<p [^>]+>token-hub …/); // what is seen before its scripts are there
      expect(headers.get('cache-control')).toBe('no-store');
    },
  );

  it('lets nothing run or load but its own files, and styles that carry the nonce of this one answer', async () => {
    const pages = [await get('/'), await get('/')];
    const nonces = pages.map(({ headers, text }) => {
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self' 'nonce-");
      expect(policy).not.toContain('unsafe');
      expect(text).not.toMatch(/<script(?![^>]*\ssrc=)[^>]*>|<style(?! nonce="[^"]{20,}")|CSP_NONCE|https?:\/\//);
      return /'nonce-([^']{20,})'/.exec(policy)?.[1] ?? '';
    });
    expect(new Set(nonces).size).toBe(2);
    expect(pages[0]?.text).toContain(`nonce="${nonces[0]}"`);
  });

  it.each([
    ['br', 'br'],
    ['gzip', 'gzip'],
    ['identity', null],
  ])('sends its scripts as %s, once and for all', async (accepted, sent) => {
    const { text } = await get('/');
    const [script = ''] = /\/assets\/[^"]+\.js/.exec(text) ?? [];
    const { status, headers } = await get(script, { 'accept-encoding': accepted });
    expect([status, headers.get('content-encoding')]).toEqual([200, sent]);
    expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    expect(headers.get('content-type')).toContain('javascript');
  });

  it.each([
    ['/no-such-page', { accept: '*/*' }],
    ['/api/no-such-thing', BROWSER],
    ['/v1/no-such-thing', BROWSER],
    ['/assets/no-such.js', BROWSER],
    ['/assets/..%2f..%2fpackage.json', BROWSER],
  ])('is not what a program gets for what does not exist: %s', async (path, headers) => {
    const { status, text } = await get(path, headers);
    expect(status).toBe(404);
    expect(JSON.parse(text)).toMatchObject({ error: { code: 'unknown_url' } });
  });
});
