/** The address at which people reach this gateway. */
export abstract class PublicUrl {
  /** The absolute URL of a path that begins with `/`. */
  abstract link(path: string): string;
}
