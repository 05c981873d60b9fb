/** What the client knows, as it compares names: in lower case, without hyphens and underscores. */
const OPTIONS = new Set([
  'usercertfile',
  'userkeyfile',
  'maxdiscoverattempts',
  'connectionname',
  'defaultdeadline',
  'discoveryinterval',
  'gossiptimeout',
  'nodepreference',
  'tls',
  'tlscafile',
  'keepaliveinterval',
  'keepalivetimeout',
  'throwonappendfailure',
  'tlsverifycert',
]);
/** It drops the guarantees of an append, or has no effect, and shows the string. */
const NOT_FALSE = /^(?:throwonappendfailure|tlsverifycert)$/;
const CREDENTIALS = /^[^:]+:[^@]+@/;
const LARGEST_PORT = 65_535;

/**
 * Refuses what the client would answer with a warning that shows the whole string, password and all, or would take for something else.
 * What it refuses itself is left to it. @throws Error
 */
export function checkConnectionString(url: string): void {
  const [, rest = ''] = /^esdb(?:\+discover)?:\/\/(.*)$/s.exec(url.trim()) ?? [];
  const [hosts = '', ...options] = rest.replace(CREDENTIALS, '').split(/[?&]/);
  if (hosts.includes('@')) {
    throw new Error(
      'the connection string should have one "@": another, in the user or the password, must be written as %40',
    );
  }
  for (const endpoint of rest === '' ? [] : hosts.replace(/\/.*/s, '').split(',')) {
    const [, host = '', port] = /^(.*?)(?::(\d+))?$/s.exec(endpoint.trim()) ?? [];
    if (host === '') throw new Error('the connection string should have a host before each port and after each comma');
    if (port !== undefined && (Number(port) < 1 || Number(port) > LARGEST_PORT))
      throw new Error(`the connection string has a port that is not between 1 and ${LARGEST_PORT}`);
  }
  for (const option of options) {
    const [name = '', value] = option.split('=');
    const plain = name.trim().toLowerCase().replaceAll(/[_-]/g, '');
    if (!OPTIONS.has(plain)) throw new Error(`the connection string has an option that is not supported, "${name}"`);
    if (NOT_FALSE.test(plain) && value?.trim() === 'false') throw new Error(`${name} must not be false`);
  }
}
