import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { type Connection, type Model, Schema, type UpdateQuery } from 'mongoose';
import { type CheckpointStep, type Mark, type Standing, START, type ViewDefinition } from '../../event-store/index.js';
import { InOneTurn } from './in-one-turn.js';
import type { MongoConnection } from './mongodb-connection.js';
import { isDuplicateKey, STRICT } from './mongodb-schema.js';

/** The collection with a view's rows, and the position up to which they have seen every event. */
export interface Entry {
  readonly rowsIn: string;
  readonly position: number;
  /** The claim of the process that is moving the checkpoint. */
  readonly claim?: string | null;
  /** Never behind the rows: it is set with the claim under which they are written. */
  readonly mark?: Mark | null;
}

/** A right to move a checkpoint, and the collection that held the rows when it was given. */
export interface Claim extends Pick<Entry, 'rowsIn'> {
  readonly token: string;
}

/** A step of the checkpoint of the view whose entry is at `path`. */
interface Step extends CheckpointStep {
  readonly path: string;
}

interface CatalogueDocument {
  readonly _id: string;
  readonly views: Record<string, Entry>;
}

const ID = 'views';
const ATTEMPTS = 20;
const POLL_MS = 20;
const VIEW_NAME = /^[a-z0-9]+(-[a-z0-9]+)*$/;

const PART = { _id: false, strict: 'throw' } as const;
const markSchema = new Schema<Mark>({ position: Number, stream: String, revision: Number, hash: String }, PART);
const entrySchema = new Schema<Entry>(
  {
    rowsIn: { type: String, required: true },
    position: { type: Number, required: true },
    claim: String,
    mark: markSchema,
  },
  PART,
);
const catalogueSchema = new Schema<CatalogueDocument>({ _id: String, views: { type: Map, of: entrySchema } }, STRICT);

/** The prefix of every collection that holds rows. */
const ROWS = 'rows.';

/**
 * The one document that says, for every view, which collection holds its rows and where its checkpoint stands. MongoDB changes one
 * document atomically, also without transactions, so a rebuilt view takes the place of the live one, checkpoint included, in
 * one update. Names of collections are random and never used twice: once none names a collection, none ever will.
 */
export class MongoCatalogue {
  readonly #looks = new InOneTurn((views: readonly ViewDefinition[]) => this.entries(...views));
  readonly #steps = new InOneTurn((steps: readonly Step[]) => this.#stepAll(steps));

  /** @param claimMs how long a claim is respected when its owner gives no sign of life */
  constructor(
    private readonly mongo: MongoConnection,
    private readonly claimMs: number,
  ) {}

  async entries(...views: readonly ViewDefinition[]): Promise<Record<string, Entry>> {
    const fields = Object.fromEntries(views.map((view) => [pathOf(view), 1]));
    const found = await this.#model((model) => model.findById(ID, fields).lean<CatalogueDocument>());
    return found?.views ?? {};
  }

  /** One look at the document answers for all views that are asked for in the same turn of the event loop. */
  async entry(view: ViewDefinition): Promise<Entry | undefined> {
    pathOf(view); // a name that is none is an error of its own
    return (await this.#looks.ask(view))[view.name];
  }

  /** The view's entry; a view without one gets an entry with an empty collection. */
  async ensure(view: ViewDefinition): Promise<Entry> {
    const path = pathOf(view);
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const entry = await this.entry(view);
      if (entry) return entry;
      const empty: Entry = { rowsIn: `${ROWS}${view.name}.${randomBytes(6).toString('hex')}`, position: START };
      await this.#update({ [path]: { $exists: false } }, { $set: { [path]: empty } }, true);
    }
    throw new Error(`view ${view.name} is given up as fast as it is made`);
  }

  /**
   * Moves a checkpoint that nobody claims, where no rows go with it. False when it did not: then a claim tells why. One update, as most views
   * have nothing to do with most events, and one for all views that are moved in the same turn of the event loop.
   */
  async step(view: ViewDefinition, step: CheckpointStep): Promise<boolean> {
    const wanted = { path: pathOf(view), ...step };
    return (await this.#steps.ask(wanted)) ?? this.#move([wanted]);
  }

  /** Whether all were made; undefined when none of several was, and each is to be tried alone. */
  async #stepAll(steps: readonly Step[]): Promise<boolean | undefined> {
    if (steps.length === 1) return this.#move(steps);
    const areOfOthers = new Set(steps.map(({ path }) => path)).size === steps.length;
    return (areOfOthers && (await this.#move(steps))) || undefined;
  }

  #move(steps: readonly Step[]): Promise<boolean> {
    const unchanged = steps.map((step) => unclaimed(step.path, step));
    const moved = steps.map(({ path, to, mark }) => ({ [`${path}.position`]: to, ...marked(path, mark) }));
    return this.#update(Object.assign({}, ...unchanged), { $set: Object.assign({}, ...moved) });
  }

  /**
   * Claims the right to move the view's checkpoint: undefined when it is, or by now has been moved, elsewhere. While
   * another holds the claim, waits for it to be done; after `claimMs` without a change it is held to have crashed, and is replaced.
   * That is timed by our own clock from when we saw the claim, so no two clocks are ever compared.
   */
  async claim(view: ViewDefinition, step: CheckpointStep): Promise<Claim | undefined> {
    const token = randomBytes(12).toString('hex');
    const path = pathOf(view);
    const rowsIn = await this.#claimed(view, unclaimed(path, step), { token, ...step });
    if (rowsIn !== undefined) return { token, rowsIn };
    let seen: string | null = null;
    let since = performance.now();
    for (;;) {
      const { position, claim = null, mark: kept } = await this.ensure(view);
      if (position !== step.from) return undefined;
      if (claim !== seen) [seen, since] = [claim, performance.now()];
      if (claim === null || performance.now() - since >= this.claimMs) {
        const unchanged = { [`${path}.position`]: position, [`${path}.claim`]: claim };
        // What a process that crashed wrote may be of later events than ours.
        const mark = kept && kept.position > step.to ? undefined : step.mark;
        const found = await this.#claimed(view, unchanged, { token, mark });
        if (found !== undefined) return { token, rowsIn: found };
      } else await delay(POLL_MS);
    }
  }

  /** Moves the checkpoint and releases the claim; false when another process has taken the claim over. */
  async move(view: ViewDefinition, { token }: Claim, to: number): Promise<boolean> {
    const path = pathOf(view);
    const move = { $set: { [`${path}.position`]: to }, $unset: { [`${path}.claim`]: 1 } };
    return this.#update({ [`${path}.claim`]: token }, move);
  }

  async release(view: ViewDefinition, claim: string): Promise<void> {
    const path = `${pathOf(view)}.claim`;
    await this.#update({ [path]: claim }, { $unset: { [path]: 1 } });
  }

  /** Gives the rows and the checkpoint of `rebuilt` to `live` in one update; both have entries. False when they don't stand `at`. */
  async replace(live: ViewDefinition, rebuilt: ViewDefinition, at?: Standing): Promise<boolean> {
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const { [live.name]: old, [rebuilt.name]: next } = await this.entries(live, rebuilt);
      if (old === undefined || next === undefined) throw new Error(`${rebuilt.name} was taken away by another process`);
      if (at !== undefined && (old.position !== at.live || next.position !== at.rebuilt)) return false;
      const unchanged = {
        ...(at !== undefined && { [`${pathOf(live)}.position`]: at.live }),
        [`${pathOf(live)}.rowsIn`]: old.rowsIn,
        [`${pathOf(rebuilt)}.rowsIn`]: next.rowsIn,
        [`${pathOf(rebuilt)}.position`]: next.position,
      };
      const { rowsIn, position, mark } = next;
      const entry: Entry = { rowsIn, position, ...(mark && { mark }) };
      if (await this.#update(unchanged, { $set: { [pathOf(live)]: entry }, $unset: { [pathOf(rebuilt)]: 1 } }))
        return true;
    }
    throw new Error(`${rebuilt.name} is still being written to`);
  }

  /** Drops collections of rows that no view names any more. They are listed before the views are read, so a new one is never among them. */
  async sweep(): Promise<void> {
    const listed = await this.mongo.run((connection) => connection.listCollections());
    const named = new Set(Object.values(await this.entries()).map(({ rowsIn }) => rowsIn));
    for (const { name } of listed) {
      if (!name.startsWith(ROWS) || named.has(name)) continue;
      await this.mongo.run((connection) => connection.dropCollection(name));
    }
  }

  /** Where the rows are, when the claim was given. */
  async #claimed(
    view: ViewDefinition,
    unchanged: Record<string, unknown>,
    { token, mark }: { token: string; mark?: Mark | undefined },
  ): Promise<string | undefined> {
    const path = pathOf(view);
    const change = { $set: { [`${path}.claim`]: token, ...marked(path, mark) } };
    try {
      const found = await this.#model((model) =>
        model
          .findOneAndUpdate({ _id: ID, ...unchanged }, change, { projection: { [path]: 1 } })
          .lean<CatalogueDocument>(),
      );
      return found?.views[view.name]?.rowsIn;
    } catch (error) {
      // The claim may have been stored. It is released so that nobody waits until it expires.
      await this.release(view, token).catch(() => undefined);
      throw error;
    }
  }

  /** True when the catalogue still matched `unchanged`. */
  async #update(unchanged: Record<string, unknown>, change: UpdateQuery<unknown>, upsert = false): Promise<boolean> {
    try {
      const { matchedCount } = await this.#model((model) =>
        model.updateOne({ _id: ID, ...unchanged }, change, { upsert }),
      );
      return matchedCount > 0;
    } catch (error) {
      if (upsert && isDuplicateKey(error)) return false;
      throw error;
    }
  }

  #model<T>(work: (model: Model<CatalogueDocument>) => PromiseLike<T>): Promise<T> {
    return this.mongo.run(async (connection) => work(modelOf(connection)));
  }
}

function modelOf(connection: Connection): Model<CatalogueDocument> {
  const known = connection.models['catalogue'] as Model<CatalogueDocument> | undefined;
  return known ?? connection.model<CatalogueDocument>('catalogue', catalogueSchema, 'catalogue');
}

/** The path of a view's entry. @throws RangeError when it is not the name of a view */
function pathOf({ name }: ViewDefinition): string {
  if (!VIEW_NAME.test(name)) throw new RangeError(`"${name}" is not the name of a view, such as "balances-1"`);
  return `views.${name}`;
}

/** That nobody claims the checkpoint, which stands where it should, and that no rows are ahead of where it goes. */
const unclaimed = (path: string, { from, to }: CheckpointStep): Record<string, unknown> => ({
  [`${path}.position`]: from,
  [`${path}.claim`]: null,
  [`${path}.mark.position`]: { $not: { $gt: to } },
});

const marked = (path: string, mark: Mark | undefined): Record<string, unknown> =>
  mark ? { [`${path}.mark`]: mark } : {};
