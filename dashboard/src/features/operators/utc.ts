// Instants in fields of forms: in UTC, as the books have them, to the second.
const SECONDS = 'yyyy-mm-ddThh:mm:ss'.length;
const MINUTES = 'yyyy-mm-ddThh:mm'.length;

/** What a field of the type datetime-local shows of an instant. */
export const fieldOf = (at: string): string => at.slice(0, SECONDS);

/** The instant in such a field, which leaves out seconds that are none. */
export const instantOf = (text: string): string => `${text}${text.length === MINUTES ? ':00' : ''}.000Z`;
