// What /api takes and answers about importing prices of providers into the price list.
import { ApiExtraModels } from '#openapi';
import { toInstant } from '../../kernel/index.js';
import {
  InstantField,
  ReadField,
  ReasonField,
  Shown,
  ShownAlways,
  ShownInstant,
  ShownInteger,
  ShownObject,
  ShownObjectOrNull,
  TextField,
  TextListField,
} from '../../platform/http/index.js';
import { checkedMarkup, type PriceListImport } from '../../pricing/index.js';
import {
  AcceptWarnings,
  ExpectedVersion,
  PriceListVersion,
  RateChange,
  showChange,
  showWarning,
  Warning,
} from './price-lists.dto.js';

/** The data file has about a megabyte. */
export const LARGEST_SOURCE = 4 * 1024 * 1024;
const MOST_MODELS = 5_000;

export class CheckPriceImport {
  @TextField('the text of a `data.json` of genai-prices; without it, the package that comes with this release', {
    min: 1,
    max: LARGEST_SOURCE,
    optional: true,
  })
  readonly content?: string;

  @ReadField(
    'customers pay what it costs plus this percentage, such as `12.5`; without it, what they paid',
    checkedMarkup,
    {
      optional: true,
    },
  )
  readonly markup?: string;

  @InstantField('when it takes effect, and the date of the imported prices; now without it', { optional: true })
  readonly effective_from?: string;

  @TextListField('only these; all of the list in force without it', { max: MOST_MODELS, each: 200, optional: true })
  readonly models?: readonly string[];
}

export class ApplyPriceImport extends CheckPriceImport {
  @ExpectedVersion()
  readonly expected_version!: number;

  @ReasonField()
  readonly reason!: string;

  @AcceptWarnings()
  readonly accept_warnings: boolean = false;
}

class Unchanged {
  @Shown()
  readonly model!: string;

  @Shown('why it stays as it is')
  readonly reason!: string;
}

class Note {
  @Shown()
  readonly model!: string;

  @Shown('what a price list has no place for')
  readonly note!: string;
}

@ApiExtraModels(PriceListVersion)
export class PriceImport {
  @ShownAlways('price_import')
  readonly object!: 'price_import';

  @Shown('the package with its version, or `content`')
  readonly source!: string;

  @ShownInstant('the date of the prices')
  readonly effective_from!: string;

  @ShownInteger('the version that is in force then, which it changes')
  readonly base_version!: number;

  @ShownInteger('the newest version: the `expected_version` to apply this')
  readonly newest_version!: number;

  @ShownObject(RateChange, 'every rate that differs', { isArray: true })
  readonly changes!: readonly RateChange[];

  @ShownObject(Unchanged, 'models that can’t be imported', { isArray: true })
  readonly left!: readonly Unchanged[];

  @ShownObject(Note, 'to know of models that are imported', { isArray: true })
  readonly notes!: readonly Note[];

  @ShownObject(Warning, 'what is probably a mistake, and must be accepted', { isArray: true })
  readonly warnings!: readonly Warning[];

  @ShownObjectOrNull(PriceListVersion, 'the version that was published; null where nothing was')
  readonly published!: PriceListVersion | null;
}

export const showImport = (source: string, found: PriceListImport): PriceImport => ({
  object: 'price_import',
  source,
  effective_from: toInstant(found.atMs),
  base_version: found.base.version,
  newest_version: found.newest,
  changes: found.changes.map(showChange),
  left: found.left,
  notes: found.notes,
  warnings: found.warnings.map(showWarning),
  published: null,
});
