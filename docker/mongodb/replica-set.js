// Run by mongosh against the first member, at every `up`: makes the replica set of MEMBERS when there is none, and waits for its primary.
const members = process.env.MEMBERS.split(',').map((host, _id) => ({ _id, host }));
try {
  rs.status();
} catch (error) {
  if (error.codeName !== 'NotYetInitialized') throw error;
  rs.initiate({ _id: 'rs0', members });
}
while (!rs.status().members.some(({ stateStr }) => stateStr === 'PRIMARY')) sleep(500);
print('The replica set has a primary.');
