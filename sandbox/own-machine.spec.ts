import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from 'vitest';
import { isFromThisMachine } from './own-machine.js';

interface Asked {
  readonly from?: string | undefined;
  readonly httpVersion?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const answered = ({ from = '127.0.0.1', httpVersion = '1.1', headers = {} }: Asked): boolean =>
  isFromThisMachine({
    socket: { remoteAddress: from },
    httpVersion,
    headers: { host: '127.0.0.1:8080', 'user-agent': 'Mozilla/5.0', ...headers },
  } as unknown as IncomingMessage);

describe('a sandbox answers', () => {
  it.each<[string, Asked]>([
    ['its own address', {}],
    ['its own name', { headers: { host: 'localhost:8080' } }],
    ['IPv6', { from: '::1', headers: { host: '[::1]:8080' } }],
    ['IPv4 on a socket of IPv6', { from: '::ffff:127.0.0.1' }],
    ['without a port', { headers: { host: 'hub.localhost' } }],
  ])('who asks by %s', (_case, asked) => expect(answered(asked)).toBe(true));
});

describe('a sandbox does not answer', () => {
  it.each<[string, Asked]>([
    ['another machine', { from: '192.168.0.7' }],
    [
      'another machine that claims to be this one',
      { from: '192.168.0.7', headers: { 'x-forwarded-for': '127.0.0.1' } },
    ],
    ['a page whose name leads here', { headers: { host: 'rebound.example:8080' } }],
    ['a name that begins as ours', { headers: { host: 'localhost.example.com' } }],
    ['who names no host', { headers: { host: '' } }],
    ['a proxy that says for whom', { headers: { 'x-forwarded-for': '203.0.113.9' } }],
    ['a proxy that says so by the standard', { headers: { forwarded: 'for=203.0.113.9' } }],
    ['a proxy that names the host', { headers: { 'x-forwarded-host': 'hub.example' } }],
    ['a proxy that only names itself', { headers: { via: '1.1 proxy' } }],
    ['nginx as its guide has it', { headers: { 'x-real-ip': '203.0.113.9' } }],
    ['nginx that says nothing', { httpVersion: '1.0' }],
    ['a tunnel', { headers: { 'cf-connecting-ip': '203.0.113.9' } }],
  ])('%s', (_case, asked) => expect(answered(asked)).toBe(false));

  it('a connection that is gone', () => {
    const socket = { remoteAddress: undefined };
    const request = { socket, httpVersion: '1.1', headers: { host: 'localhost' } } as unknown as IncomingMessage;
    expect(isFromThisMachine(request)).toBe(false);
  });
});
