/** Where people reach this gateway. */
export abstract class PublicUrl {
  /** The whole address of a path, which begins with `/`. */
  abstract link(path: string): string;
}
