// Sandboxes answer who sits at this machine, and nobody else. A connection from here is not enough to know that: a page of another site may have
// its own name lead here (DNS rebinding), and a proxy on this machine may pass on what comes from the world.
import type { IncomingMessage } from 'node:http';
import { isLoopback } from '../src/kernel/index.js';

/**
 * What proxies and tunnels add (RFC 7239, section 4; RFC 9110, section 7.6.3; nginx and Apache by the guides of everybody; Cloudflare:
 * https://developers.cloudflare.com/fundamentals/reference/http-headers/). Browsers and programs send none of it by themselves.
 */
const PASSED_ON =
  /^(?:forwarded|via|x-forwarded(?:-.+)?|x-real-ip|x-client-ip|x-cluster-client-ip|true-client-ip|cf-.+)$/;

/** Whether a request comes from this machine, was sent to it by a name that is only its own, and was passed on by nobody. */
export function isFromThisMachine({ socket, headers, httpVersion }: IncomingMessage): boolean {
  return (
    isLoopback(socket.remoteAddress ?? '') &&
    isLoopback(hostIn(headers.host)) &&
    // nginx passes requests on as HTTP/1.0 where nothing else is said, with no header of its own (https://nginx.org/en/docs/http/ngx_http_proxy_module.html#proxy_http_version).
    httpVersion !== '1.0' &&
    !Object.keys(headers).some((name) => PASSED_ON.test(name))
  );
}

/** RFC 9110, section 7.2: `host` or `host:port`. */
const hostIn = (header = ''): string => header.replace(/:\d*$/, '');

export const THIS_MACHINE_ONLY =
  'A sandbox answers programs and browsers of its own machine alone, by an address such as http://127.0.0.1. From another machine, come through a tunnel (ssh -L).';
