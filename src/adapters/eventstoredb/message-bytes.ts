// The client puts the data and metadata of an event into its message as base64, and the library of its messages (google-protobuf) turns that back
// into bytes with a decoder in JavaScript: two thirds of the CPU time of an append, 30 of 45 µs an event. Node's own decoder takes 1 µs.
import streams from '@eventstore/db-client/generated/streams_pb.js';

type Bytes = Uint8Array | string;

interface Message {
  getData(): Bytes;
  getData_asU8(): Uint8Array;
  getCustomMetadata(): Bytes;
  getCustomMetadata_asU8(): Uint8Array;
}

const bytesOf = (bytes: Bytes): Uint8Array => (typeof bytes === 'string' ? Buffer.from(bytes, 'base64') : bytes);

/** Makes the messages of all clients in this process use Node's decoder. */
export function decodeNatively(): void {
  const messages: readonly Message[] = [
    streams.BatchAppendReq.ProposedMessage.prototype,
    streams.AppendReq.ProposedMessage.prototype,
  ];
  for (const message of messages) {
    message.getData_asU8 = function (this: Message) {
      return bytesOf(this.getData());
    };
    message.getCustomMetadata_asU8 = function (this: Message) {
      return bytesOf(this.getCustomMetadata());
    };
  }
}
