import { inWords } from '../app/i18n.ts';

/** An answer of /api that is no success, in its own words; or that there was no answer. */
export class ApiFailure extends Error {
  override readonly name = 'ApiFailure';

  constructor(
    message: string,
    /** The HTTP status; 0 when no answer came. */
    readonly status: number,
    readonly code: string,
    /** The field at fault, where it is one. */
    readonly param: string | null = null,
    readonly requestId: string | null = null,
  ) {
    super(message);
  }

  /** What it says, in the language of the page. */
  get words(): string {
    return inWords(this.message, this.code);
  }

  /** Whether the same request may succeed by itself a little later. */
  get passes(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 502;
  }

  static async of(response: Response): Promise<ApiFailure> {
    const body: unknown = await response
      .clone()
      .json()
      .catch(() => undefined);
    const { message, code, param } = (body as { error?: Partial<ApiFailure> } | undefined)?.error ?? {};
    const requestId = response.headers.get('x-request-id');
    return new ApiFailure(message ?? '', response.status, code ?? `http_${response.status}`, param ?? null, requestId);
  }
}

/** What Chromium, Firefox and Safari say of a page's code that did not come (as isModuleNotFoundError of @tanstack/router-core knows them). */
const NO_CODE =
  /^(Failed to fetch dynamically imported module|error loading dynamically imported module|Importing a module script failed)/;

/** The code of a failure; empty for anything else. */
export function codeOf(error: unknown): string {
  if (error instanceof ApiFailure) return error.code;
  return error instanceof TypeError && NO_CODE.test(error.message) ? 'no_answer' : '';
}

/** The words for the field `name`, if the request failed for it. They stand at the field, so they need not begin with its name. */
export const faultOf = (error: unknown, name: string): string | undefined =>
  error instanceof ApiFailure && error.param === name ? error.words.replace(`"${name}": `, '') : undefined;
