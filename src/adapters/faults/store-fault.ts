import { closeSync, openSync } from 'node:fs';

/** Why a store can't be used, for the person who runs the gateway. */
export interface StoreFault {
  /** The variable that names the store. */
  readonly variable: string;
  /** What is wrong, as a clause. */
  readonly cause: string;
  /** What to do, as a sentence. */
  readonly remedy: string;
  /** Whether it may pass by itself: a server that is away may come. A password that is wrong stays wrong. */
  readonly passes: boolean;
}

/** What is found out of a store without the name of its variable. */
export type Finding = Omit<StoreFault, 'variable'>;

export const sentenceOf = ({ variable, cause, remedy }: StoreFault): string => `${variable}: ${cause}. ${remedy}`;

const MOST_CAUSES = 10;

/** An error and what it came of, the outermost first. */
export function causesOf(error: unknown): Error[] {
  const causes: Error[] = [];
  for (let each = error; each instanceof Error && causes.length < MOST_CAUSES; each = each.cause) causes.push(each);
  return causes;
}

/** A file that the connection string names, and that can't be read. */
export function fileFault(error: unknown): Finding | undefined {
  const causes = causesOf(error) as NodeJS.ErrnoException[];
  const unread = causes.find(({ path, syscall }) => path !== undefined && syscall === 'open');
  return unread && unreadable(String(unread.path), unread);
}

/** The first of the files that can't be read. */
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
  remedy: 'Put the file there, readable for this process, or correct the option that names it.',
  passes: false,
});
