import { closeSync, openSync } from 'node:fs';

/** Why a store can't be used, for the person who runs the gateway. */
export interface StoreFault {
  /** The variable that names the store. */
  readonly variable: string;
  /** What is wrong, as a clause. */
  readonly cause: string;
  /** What to do, as a sentence. */
  readonly remedy: string;
  /** Whether it may pass by itself: a server may come back, but a wrong password stays wrong. */
  readonly passes: boolean;
}

/** A fault before it is known which variable names the store. */
export type Finding = Omit<StoreFault, 'variable'>;

export const sentenceOf = ({ variable, cause, remedy }: StoreFault): string => `${variable}: ${cause}. ${remedy}`;

const MOST_CAUSES = 10;

/** An error and its chain of causes, the outermost first. */
export function causesOf(error: unknown): Error[] {
  const causes: Error[] = [];
  for (let each = error; each instanceof Error && causes.length < MOST_CAUSES; each = each.cause) causes.push(each);
  return causes;
}

/** The fault of a file that the connection string names and that can't be read; undefined for other errors. */
export function fileFault(error: unknown): Finding | undefined {
  const causes = causesOf(error) as NodeJS.ErrnoException[];
  const unread = causes.find(({ path, syscall }) => path !== undefined && syscall === 'open');
  return unread && unreadable(String(unread.path), unread);
}

/** The fault of the first file that can't be read. */
export function missingFile(paths: readonly string[]): Finding | undefined {
  for (const path of paths) {
    try {
      closeSync(openSync(path, 'r'));
    } catch (error) {
      return unreadable(path, error as NodeJS.ErrnoException);
    }
  }
  return undefined;
}

const unreadable = (path: string, { code }: NodeJS.ErrnoException): Finding => ({
  cause: `its connection string names the file ${path}, which can't be read (${code})`,
  remedy: 'Put a file there that this process can read, or correct the option that names it.',
  passes: false,
});
