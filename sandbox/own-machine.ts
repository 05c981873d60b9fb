// Sandboxes answer only requests from this machine. A local connection alone does not prove that: a page of another
// site may point its own name here (DNS rebinding), and a local proxy may forward requests from outside.
import type { IncomingMessage } from 'node:http';
import { isLoopback } from '../src/kernel/index.js';

/**
 * Headers that proxies and tunnels add (RFC 7239, section 4; RFC 9110, section 7.6.3; nginx and Apache as commonly
 * configured; Cloudflare: https://developers.cloudflare.com/fundamentals/reference/http-headers/). Browsers and
 * programs don't send them.
 */
const PASSED_ON =
  /^(?:forwarded|via|x-forwarded(?:-.+)?|x-real-ip|x-client-ip|x-cluster-client-ip|true-client-ip|cf-.+)$/;

/** Whether a request comes from this machine, addressed it by a local name, and was not forwarded. */
export function isFromThisMachine({ socket, headers, httpVersion }: IncomingMessage): boolean {
  return (
    isLoopback(socket.remoteAddress ?? '') &&
    isLoopback(hostIn(headers.host)) &&
    // By default nginx forwards requests as HTTP/1.0 without a header of its own
    // (https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_http_version).
    httpVersion !== '1.0' &&
    !Object.keys(headers).some((name) => PASSED_ON.test(name))
  );
}

/** RFC 9110, section 7.2: `host` or `host:port`. */
const hostIn = (header = ''): string => header.replace(/:\d*$/, '');

export const THIS_MACHINE_ONLY =
  'A sandbox only answers programs and browsers on its own machine, at an address such as http://127.0.0.1. From another machine, use a tunnel (ssh -L).';
