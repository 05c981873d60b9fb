import streams from '@eventstore/db-client/generated/streams_pb.js';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodeNatively } from './message-bytes.js';

type MessageClass = typeof streams.BatchAppendReq.ProposedMessage;

const written = (Message: MessageClass, bytes: Uint8Array, asText: boolean): Uint8Array => {
  const set = asText ? Buffer.from(bytes).toString('base64') : bytes;
  return new Message().setData(set).setCustomMetadata(set).serializeBinary();
};

it('a message is written as before, whatever bytes an event has and however the client gives them', () => {
  const classes = [streams.BatchAppendReq.ProposedMessage, streams.AppendReq.ProposedMessage] as MessageClass[];
  const samples = fc.sample(fc.uint8Array({ maxLength: 400 }), 200);
  const all = () =>
    classes.flatMap((Message) => samples.flatMap((bytes) => [true, false].map((as) => written(Message, bytes, as))));
  const before = all();
  decodeNatively();
  expect(all()).toEqual(before);
});
