// A person at a browser: registers, opens mailed links, logs in, and keeps the cookie and the CSRF token.
import { randomUUID } from 'node:crypto';
import { Secret, TOTP } from 'otpauth';
import { ChangeRoles, CSRF_HEADER } from '../../../src/identity/index.js';
import { isJsonObject, type JsonObject } from '../../../src/kernel/index.js';
import type { Answer } from './calls.js';
import { request } from './calls.js';
import type { TestGateway } from './gateway.js';
import { mailTo, type Reachable, tokenIn } from './mailbox.js';
import type { Role } from '../../../src/platform/http/index.js';

export const PASSWORD = 'correct horse battery';
const STEP_MS = 30_000;

/** An answer and, where it has one, its JSON body. */
export interface Reply extends Answer {
  readonly body: JsonObject;
}

/** The code of an error's body. */
export const codeOf = ({ body: { error } }: Reply): string | undefined =>
  isJsonObject(error) ? String(error['code']) : undefined;

/** The things of a list. */
export const dataOf = ({ body: { data } }: Reply): readonly JsonObject[] =>
  Array.isArray(data) ? data.filter(isJsonObject) : [];

/** A browser: it sends back the cookies it was given and, with what changes something, the CSRF token of its session. */
export class TestBrowser {
  readonly cookies = new Map<string, string>();
  csrfToken: string | undefined;

  constructor(readonly url: string) {}

  get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
    return this.send('GET', path, undefined, headers);
  }

  post(path: string, body: JsonObject = {}, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
    return this.send('POST', path, body, headers);
  }

  patch(path: string, body: JsonObject): Promise<Reply> {
    return this.send('PATCH', path, body);
  }

  delete(path: string, body: JsonObject = {}): Promise<Reply> {
    return this.send('DELETE', path, body);
  }

  /** `body` is sent as JSON; a text as a form. Redirects are not followed. */
  async send(
    method: string,
    path: string,
    body: JsonObject | string | undefined,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Reply> {
    const isForm = typeof body === 'string';
    const answer = await request(path.startsWith('http') ? path : `${this.url}${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...(body !== undefined && {
          'content-type': isForm ? 'application/x-www-form-urlencoded' : 'application/json',
        }),
        ...(this.cookies.size > 0 && { cookie: [...this.cookies].map((pair) => pair.join('=')).join('; ') }),
        ...(this.csrfToken !== undefined && method !== 'GET' && { [CSRF_HEADER]: this.csrfToken }),
        ...headers,
      },
      ...(body !== undefined && { body: isForm ? body : JSON.stringify(body) }),
    });
    this.#keep(answer.headers.getSetCookie());
    const reply = { ...answer, body: bodyOf(answer) };
    if (typeof reply.body['csrf_token'] === 'string') this.csrfToken = reply.body['csrf_token'];
    return reply;
  }

  #keep(setCookies: readonly string[]): void {
    for (const line of setCookies) {
      const [pair = ''] = line.split(';');
      const [name = '', value = ''] = pair.split('=');
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
  }
}

export class TestPerson extends TestBrowser {
  userId = '';
  accountId = '';
  password = PASSWORD;
  totpSecret: string | undefined;
  #lastStep = 0;

  constructor(
    readonly gateway: Reachable,
    public email: string,
  ) {
    super(gateway.url);
  }

  /** The secret of the newest mailed link with this subject. */
  async tokenFrom(subject: string, nth = 1): Promise<string> {
    return tokenIn(await mailTo(this.gateway, this.email, subject, nth));
  }

  async register(): Promise<Reply> {
    return this.post('/api/auth/register', { email: this.email, password: this.password });
  }

  /** Opens the link of the verification mail, which logs in. */
  async verify(): Promise<Reply> {
    return this.post('/api/auth/verify', { token: await this.tokenFrom('Confirm your email address') });
  }

  async logIn(): Promise<Reply> {
    const { email, password } = this;
    return this.post('/api/auth/login', { email, password, ...(this.totpSecret && { totp: await this.code() }) });
  }

  /** Sets a second factor up; returns the recovery codes. */
  async setUpSecondFactor(): Promise<readonly string[]> {
    const begun = await this.post('/api/me/second-factor', { password: this.password });
    this.totpSecret = String(begun.body['secret']);
    const confirmed = await this.post('/api/me/second-factor/confirm', { totp: await this.code() });
    if (confirmed.status !== 200) throw new Error(`no second factor: ${confirmed.text}`);
    return confirmed.body['recovery_codes'] as string[];
  }

  /** A code of the app that was not used yet; may wait for the next. */
  async code(): Promise<string> {
    const secret = Secret.fromBase32(this.totpSecret ?? '');
    const now = Math.floor(Date.now() / STEP_MS);
    // The oldest that is taken, unless it is about to be too old.
    const oldest = Math.floor((Date.now() + 10_000) / STEP_MS) - 1;
    const step = Math.max(oldest, this.#lastStep + 1);
    this.#lastStep = step;
    if (step > now + 1) await new Promise((resolve) => setTimeout(resolve, (step - 1) * STEP_MS - Date.now() + 50));
    return new TOTP({ secret }).generate({ timestamp: step * STEP_MS });
  }
}

function bodyOf({ text, headers }: Answer): JsonObject {
  if (headers.get('content-type')?.startsWith('application/json') !== true) return {};
  const json: unknown = JSON.parse(text);
  return isJsonObject(json) ? json : {};
}

/** Someone new, verified and logged in. */
export async function newPerson(gateway: Reachable, email = `${randomUUID()}@example.com`): Promise<TestPerson> {
  const person = new TestPerson(gateway, email);
  await person.register();
  const verified = await person.verify();
  if (verified.status !== 200) throw new Error(`not verified: ${verified.text}`);
  const { body } = await person.get('/api/me');
  person.userId = String(body['user_id']);
  person.accountId = String(body['account_id']);
  return person;
}

/** Someone new with a role, and with the second factor that it needs. */
export async function newPersonWithRole(gateway: TestGateway, ...roles: readonly Role[]): Promise<TestPerson> {
  const person = await newPerson(gateway);
  await gateway.desk.commands.execute(new ChangeRoles(person.userId, { add: roles, remove: [] }));
  await person.setUpSecondFactor();
  return person;
}
