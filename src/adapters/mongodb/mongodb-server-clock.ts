import { ServerClock } from '../../ledger/index.js';
import { databaseOf, type MongoConnection } from './mongodb-connection.js';

/**
 * The clock of the MongoDB primary: `localTime` of https://www.mongodb.com/docs/manual/reference/command/hello/, which servers before 4.4.2
 * know as `isMaster`.
 */
export class MongoServerClock extends ServerClock {
  constructor(private readonly mongo: MongoConnection) {
    super();
  }

  override now(): Promise<number | undefined> {
    return this.mongo.run(async (connection) => {
      const database = databaseOf(connection);
      const { localTime } = await database.command({ hello: 1 }).catch(() => database.command({ isMaster: 1 }));
      return localTime instanceof Date ? localTime.getTime() : undefined;
    });
  }
}
