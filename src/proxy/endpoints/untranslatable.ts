import { Untranslatable } from '../../wire/index.js';
import { invalidRequest } from '../api-error.js';

/** What another format has no equivalent for is the client's to mend. @throws ApiError 400 */
export function badRequestIfUntranslatable<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Untranslatable) throw invalidRequest(error.message, error.param);
    throw error;
  }
}
