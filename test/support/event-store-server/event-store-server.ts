import { once } from 'node:events';
import { createServer, type Server as Listener, type Socket } from 'node:net';
import { GossipService } from '@eventstore/db-client/generated/gossip_grpc_pb.js';
import { ServerFeaturesService } from '@eventstore/db-client/generated/serverfeatures_grpc_pb.js';
import { StreamsService } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { UsersService } from '@eventstore/db-client/generated/users_grpc_pb.js';
import {
  type ConnectionInjector,
  type Metadata,
  Server,
  ServerCredentials,
  status,
  type sendUnaryData,
} from '@grpc/grpc-js';
import { ownPort } from '../network/own-port.js';
import { AppendService } from './append-service.js';
import { clusterInfo, supportedMethods } from './cluster-messages.js';
import { Disk, type DiskTiming, IMMEDIATE } from './disk.js';
import { EventLog } from './event-log.js';
import { Faults } from './faults.js';
import { ReadService } from './read-service.js';
import { userService } from './user-service.js';
import { accessDenied, unauthenticated, Users } from './users.js';

/** A certificate and its key, in PEM. */
export interface Certificate {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/**
 * Stands in for an EventStoreDB 23.10 server: gRPC over the client's own service definitions, with the semantics that were measured on a
 * real one, in memory, on 127.0.0.1, with faults on demand.
 */
export class EventStoreServer {
  readonly faults = new Faults();
  readonly log = new EventLog();
  readonly users = new Users(this.log);
  readonly #grpc = new Server({ 'grpc.max_receive_message_length': -1 });
  readonly #sockets = new Set<Socket>();
  readonly #reads = new ReadService(this.log, this.faults);
  readonly #appends: AppendService;
  readonly #injector: ConnectionInjector;
  #listener: Listener | undefined;
  #port = 0;

  private constructor(
    private readonly certificate: Certificate | undefined,
    timing: DiskTiming,
  ) {
    this.#appends = new AppendService(this.log, this.faults, new Disk(timing), this);
    const credentials =
      certificate === undefined
        ? ServerCredentials.createInsecure()
        : ServerCredentials.createSsl(null, [{ private_key: certificate.key, cert_chain: certificate.cert }]);
    this.#injector = this.#grpc.createConnectionInjector(credentials);
    const [appends, reads] = [this.#appends, this.#reads];
    const { users } = this;
    this.#grpc.addService(UsersService, userService(users));
    this.#grpc.addService(StreamsService, {
      append(call: Parameters<AppendService['append']>[0], reply: Parameters<AppendService['append']>[1]) {
        if (users.of(call.metadata) === undefined) reply(unauthenticated());
        else appends.append(call, reply);
      },
      batchAppend(call: Parameters<AppendService['batchAppend']>[0]) {
        const caller = users.of(call.metadata);
        if (caller === undefined) call.emit('error', unauthenticated());
        else appends.batchAppend(call, (stream) => users.may(caller, 'write', stream));
      },
      read(call: Parameters<ReadService['read']>[0]) {
        const caller = users.of(call.metadata);
        const options = call.request.getOptions();
        const name = options?.getStream()?.getStreamIdentifier()?.getStreamName_asU8();
        const stream = options?.hasAll() === true ? '$all' : new TextDecoder().decode(name);
        if (caller === undefined) call.emit('error', unauthenticated());
        else if (!users.may(caller, 'read', stream)) call.emit('error', accessDenied());
        else reads.read(call);
      },
    });
    const answer =
      <T>(message: () => T) =>
      (call: { readonly metadata: Metadata }, reply: sendUnaryData<T>): void => {
        if (users.of(call.metadata) === undefined) reply(unauthenticated());
        else if (!this.faults.hung) reply(null, message());
      };
    this.#grpc.addService(ServerFeaturesService, { getSupportedMethods: answer(supportedMethods) });
    this.#grpc.addService(GossipService, { read: answer(() => clusterInfo(this.#port)) });
  }

  /**
   * Starts on a port, or one that is its own, also while it is down; with a certificate it speaks TLS and nothing else. Appends are durable at once, as tests
   * want it; benchmarks give it the timing of a real server.
   */
  static async start(port?: number, certificate?: Certificate, timing = IMMEDIATE): Promise<EventStoreServer> {
    const server = new EventStoreServer(certificate, timing);
    server.#port = port ?? (await ownPort());
    await server.comeBack();
    return server;
  }

  get port(): number {
    return this.#port;
  }

  get url(): string {
    return `esdb://127.0.0.1:${this.#port}?tls=${this.certificate !== undefined}`;
  }

  /** How many clients are connected. */
  get connections(): number {
    return this.#sockets.size;
  }

  /** How many appends it has taken and neither stored nor answered yet. */
  get pendingAppends(): number {
    return this.#appends.pendingAppends;
  }

  /** Of the appends in whose middle it was killed, how many were stored, and how many not. None of them was answered. */
  get interruptedAppends(): { readonly stored: number; readonly lost: number } {
    return this.#appends.interrupted;
  }

  /** How many subscriptions it was ever asked for, and how many events it sent: to those, in reads of the log, and of streams. */
  get counts(): Readonly<ReadService['counts']> {
    return { ...this.#reads.counts };
  }

  /** How many subscriptions there are. */
  get subscriptions(): number {
    return this.#reads.subscriptions.size;
  }

  /** Cuts all connections at once, without a word, and takes new ones. */
  cutConnections(): void {
    for (const socket of this.#sockets) socket.resetAndDestroy();
  }

  /** Is gone as after `kill -9`: what was stored stays, with some of what was not answered. */
  async goDown(): Promise<void> {
    const listener = this.#listener;
    if (listener === undefined) return;
    this.#listener = undefined;
    const closed = once(listener, 'close');
    this.#appends.die();
    listener.close();
    this.cutConnections();
    await closed;
  }

  /** Starts again with what was stored, on the same port, unless it is up. */
  async comeBack(): Promise<void> {
    if (this.#listener !== undefined) return;
    this.log.forgetRecentIds();
    const listener = createServer((socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket)).on('error', () => undefined);
      this.#injector.injectConnection(socket);
    });
    listener.listen(this.#port, '127.0.0.1');
    await once(listener, 'listening');
    this.#listener = listener;
  }

  async restart(): Promise<void> {
    await this.goDown();
    await this.comeBack();
  }

  dropSubscriptions(): void {
    for (const subscription of this.#reads.subscriptions) subscription.drop(status.UNAVAILABLE, 'Server Busy');
  }

  /** The subscriptions of this moment stay open and send nothing any more. */
  silenceSubscriptions(): void {
    for (const subscription of this.#reads.subscriptions) subscription.silence();
  }

  async stop(): Promise<void> {
    await this.goDown();
    this.#injector.destroy();
    this.#grpc.forceShutdown();
  }
}
