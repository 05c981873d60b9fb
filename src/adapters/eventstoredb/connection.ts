import { EventStoreUnavailable } from '../../event-store/index.js';
import { ServerClient } from './server-client.js';

export interface ConnectionSettings {
  readonly url: string;
  readonly deadlineMs: number;
  readonly onTrouble: (error: unknown) => void;
}

/**
 * The one client there is, and the next when it is broken. The next is made when the last has ended: appends of all clients of a process
 * wait in one list, and the end of a client fails all that are in it.
 */
export class Connection {
  #client: ServerClient | undefined;
  #ended: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(private readonly settings: ConnectionSettings) {}

  async client(): Promise<ServerClient> {
    await this.#ended;
    if (this.#closed) throw new EventStoreUnavailable('the event store is closed');
    const { url, deadlineMs, onTrouble } = this.settings;
    return (this.#client ??= new ServerClient(url, deadlineMs, onTrouble));
  }

  /** Gives a client up. Of many callers that found it broken the first does it: the others get false. */
  retire(client: ServerClient): boolean {
    if (client !== this.#client) return false;
    this.#client = undefined;
    this.#ended = client.close();
    return true;
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#client !== undefined) this.retire(this.#client);
    await this.#ended;
  }
}
