import type { Schema } from '../../api/client.ts';

export type Role = Schema<'Me'>['roles'][number];

/** Every role; `t('people.roles.…')` has the words. */
export const ROLES = ['finance', 'operator'] as const satisfies readonly Role[];
export const roleOf = (value: unknown): Role | undefined => ROLES.find((role) => role === value);

/** Whom an operator looks for. */
export interface PeopleSearch {
  readonly q?: string | undefined;
  readonly role?: Role | undefined;
}

export function peopleSearch({ q, role }: Record<string, unknown>): PeopleSearch {
  return { q: q === undefined || q === '' ? undefined : String(q), role: roleOf(role) };
}

/** What an address of ours may tell a page about logging in. */
export interface LoginSearch {
  /** Where to go after the login: a path of ours. */
  readonly next?: string | undefined;
  /** Why a login with Google failed: a code. */
  readonly fault?: string | undefined;
}

/** The path that `next` names, if it leads to no other site, however a browser would read it. */
export function pathOfOurs(next: unknown): string | undefined {
  if (typeof next !== 'string' || !/^\/(?![/\\])[^\s\\]*$/.test(next)) return undefined;
  return URL.canParse(next, window.location.origin) &&
    new URL(next, window.location.origin).origin === window.location.origin
    ? next
    : undefined;
}

/** Reads the search of a page for logging in; what leads elsewhere is left out, and said to be: the router would keep what it is not told about. */
export function loginSearch({ next, fault }: Record<string, unknown>): LoginSearch {
  return { next: pathOfOurs(next), fault: typeof fault === 'string' ? fault : undefined };
}

/** Reads the search of a page that a mailed link opens. */
export const tokenSearch = ({ token }: Record<string, unknown>): { readonly token?: string } =>
  token === undefined ? {} : { token: String(token) };

const HOMES = { finance: '/finance', operator: '/operator' } as const;
const AREA = 'token-hub-area';

/** Notes where somebody works who has several roles, so that their next login leads there. */
export const workedIn = (role: Role): void => localStorage.setItem(AREA, role);

/** The first page after a login: staff see their work, customers their account. */
export function homeOf(roles: readonly Role[]): string {
  const last = roles.find((role) => role === localStorage.getItem(AREA));
  const role = last ?? roles[0];
  return role === undefined ? '/overview' : HOMES[role];
}
