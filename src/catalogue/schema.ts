/** Grows with each change of the tables: a catalogue of another version is made anew. */
export const schemaVersion = 2;

/**
 * The tables. Hashes and addresses are blobs, and so are texts that people chose: SQLite's interfaces end a text at its first NUL, so that one
 * repository would be shown as another. Hashes come in no order, so that each claim's touch pages all over an index; what they are looked up by
 * is no more than their first six bytes, and whoever looks one up compares the rest. Whatever may change about a claim carries the number of the change in which it last did, so
 * that what is kept in memory can be brought up to date.
 */
export const schema = `
CREATE TABLE state (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  chain INTEGER NOT NULL,
  genesis TEXT NOT NULL,
  registry TEXT NOT NULL,
  epoch INTEGER NOT NULL,
  changes INTEGER NOT NULL,
  block INTEGER,
  hash TEXT,
  time INTEGER
) STRICT;
CREATE TABLE organisations (
  id INTEGER PRIMARY KEY,
  hash BLOB NOT NULL UNIQUE,
  name TEXT NOT NULL UNIQUE,
  display_name BLOB NOT NULL,
  threshold INTEGER NOT NULL
) STRICT;
CREATE TABLE members (
  id INTEGER PRIMARY KEY,
  organisation INTEGER NOT NULL,
  role TEXT NOT NULL,
  address BLOB NOT NULL,
  UNIQUE (organisation, role, address)
) STRICT;
CREATE TABLE namespaces (name TEXT PRIMARY KEY, organisation INTEGER NOT NULL) STRICT;
CREATE INDEX namespaces_organisation ON namespaces (organisation, name);
CREATE TABLE repositories (
  id INTEGER PRIMARY KEY,
  name BLOB NOT NULL UNIQUE,
  owner INTEGER,
  changed INTEGER NOT NULL
) STRICT;
CREATE INDEX repositories_changed ON repositories (changed);
CREATE TABLE records (
  id INTEGER PRIMARY KEY,
  hash BLOB NOT NULL,
  prefix INTEGER NOT NULL,
  organisation INTEGER NOT NULL,
  threshold INTEGER NOT NULL DEFAULT 0,
  approvals INTEGER NOT NULL DEFAULT 0,
  signers BLOB NOT NULL DEFAULT x'',
  readable INTEGER NOT NULL DEFAULT 1,
  stale INTEGER NOT NULL DEFAULT 0,
  shared INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX records_prefix ON records (prefix);
CREATE INDEX records_stale ON records (id) WHERE stale = 1;
CREATE INDEX records_waiting ON records (organisation, id) WHERE threshold = 0 OR approvals < threshold;
CREATE TABLE claims (
  id INTEGER PRIMARY KEY,
  hash BLOB NOT NULL,
  prefix INTEGER NOT NULL,
  record INTEGER NOT NULL,
  repository INTEGER NOT NULL,
  tag BLOB NOT NULL,
  tag_key BLOB,
  tag_prefix INTEGER,
  issued_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  block INTEGER NOT NULL,
  "transaction" BLOB NOT NULL,
  annotations BLOB NOT NULL,
  subjects BLOB NOT NULL,
  head INTEGER NOT NULL DEFAULT 0,
  revoked INTEGER NOT NULL DEFAULT 0,
  shown INTEGER NOT NULL DEFAULT 1,
  changed INTEGER NOT NULL
) STRICT;
CREATE INDEX claims_prefix ON claims (prefix);
CREATE INDEX claims_head ON claims (tag_prefix) WHERE head = 1;
CREATE INDEX claims_record ON claims (record);
CREATE INDEX claims_changed ON claims (changed);
CREATE TABLE subjects (
  prefix INTEGER NOT NULL,
  claim INTEGER NOT NULL,
  PRIMARY KEY (prefix, claim)
) WITHOUT ROWID, STRICT;
CREATE TABLE revocations (
  organisation INTEGER NOT NULL,
  what TEXT NOT NULL,
  hash BLOB NOT NULL,
  reason BLOB NOT NULL,
  time INTEGER NOT NULL,
  PRIMARY KEY (organisation, what, hash)
) WITHOUT ROWID, STRICT;
`;
