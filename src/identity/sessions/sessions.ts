/** The name of the session's cookie. */
export const SESSION_COOKIE = 'tokenhub_session';
/** The header that carries the session's CSRF token with every request that changes something. */
export const CSRF_HEADER = 'x-csrf-token';
