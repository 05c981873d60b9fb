// What SQLite answers with, as errors of node:sqlite have it in `errcode`: https://sqlite.org/rescode.html

export const SQLITE = {
  BUSY: 5,
  LOCKED: 6,
  NOMEM: 7,
  READONLY: 8,
  INTERRUPT: 9,
  IOERR: 10,
  CORRUPT: 11,
  FULL: 13,
  CANTOPEN: 14,
  PROTOCOL: 15,
  NOTADB: 26,
  CONSTRAINT_PRIMARYKEY: 1555,
  CONSTRAINT_TRIGGER: 1811,
  CONSTRAINT_UNIQUE: 2067,
};

/** The primary result code of an error (the low byte of the extended one); undefined where it is none of SQLite's. */
export function primaryCode(error: unknown): number | undefined {
  const { errcode } = error as { errcode?: number | null };
  return typeof errcode === 'number' ? errcode & 0xff : undefined;
}
