/** The names of the channels that are configured. A bill may also be of one that is gone and that charges of the ledger name. */
export abstract class ConfiguredChannels {
  abstract readonly names: readonly string[];
}
