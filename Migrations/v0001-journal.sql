-- The journal. `event` is the truth; every other table of plans is a projection of it, written in
-- the same transaction and rebuildable from it. Output and blobs are the bytes beside it.

PRAGMA application_id = 1348564844;

CREATE TABLE migration (
  position INTEGER PRIMARY KEY CHECK (position >= 1),
  name TEXT NOT NULL UNIQUE,
  sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
  applied_wall_ms INTEGER NOT NULL
) STRICT;

-- Which journal this is: made once, part of every attempt's token and of FILE.head.
CREATE TABLE journal (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  id TEXT NOT NULL CHECK (length(id) = 32)
) STRICT;

INSERT INTO journal (one, id) VALUES (1, lower(hex(randomblob(16))));

CREATE TRIGGER journal_not_changed BEFORE UPDATE ON journal
BEGIN SELECT RAISE(ABORT, 'a journal keeps its number'); END;

CREATE TRIGGER journal_not_deleted BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'a journal keeps its number'); END;

-- History: append-only, in order, each event with the hash of the one before.
CREATE TABLE event (
  sequence INTEGER PRIMARY KEY CHECK (sequence >= 1),
  plan INTEGER NOT NULL CHECK (plan >= 1),
  step TEXT CHECK (step <> ''),
  attempt INTEGER NOT NULL CHECK (attempt >= 0),
  -- Not a list: kinds are added, and this table of all tables is never copied to another.
  kind TEXT NOT NULL CHECK (kind GLOB '[a-z]*' AND kind NOT GLOB '*[^a-z.]*'),
  wall_ms INTEGER NOT NULL,
  boot_id TEXT NOT NULL,
  boot_ms INTEGER NOT NULL,
  actor BLOB NOT NULL CHECK (length(actor) > 0),
  payload BLOB NOT NULL CHECK (length(payload) > 0),
  previous TEXT NOT NULL CHECK (length(previous) = 64 AND previous NOT GLOB '*[^0-9a-f]*'),
  hash TEXT NOT NULL CHECK (length(hash) = 64 AND hash NOT GLOB '*[^0-9a-f]*'),
  CHECK (kind NOT IN ('step.changed', 'backup', 'file.changed', 'checkpoint', 'output')
    OR step IS NOT NULL),
  CHECK (kind NOT IN ('plan.created', 'plan.changed') OR step IS NULL)
) STRICT;

-- Every index ends in the row's number: this one is (plan, sequence).
CREATE INDEX event_of_plan ON event (plan);

CREATE TRIGGER event_not_changed BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'history is append-only: an event cannot be changed'); END;

CREATE TRIGGER event_not_deleted BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'history is append-only: an event cannot be deleted'); END;

CREATE TRIGGER event_in_order BEFORE INSERT ON event
WHEN NEW.sequence IS NOT (SELECT coalesce(max(sequence), 0) + 1 FROM event)
BEGIN SELECT RAISE(ABORT, 'history is append-only: an event goes to its end'); END;

CREATE TRIGGER event_in_chain BEFORE INSERT ON event
WHEN NEW.previous IS NOT coalesce(
  (SELECT hash FROM event ORDER BY sequence DESC LIMIT 1),
  '0000000000000000000000000000000000000000000000000000000000000000')
BEGIN SELECT RAISE(ABORT, 'an event carries the hash of the one before it'); END;

-- Projections.
CREATE TABLE plan (
  id INTEGER PRIMARY KEY CHECK (id >= 1),
  recipe TEXT NOT NULL,
  summary TEXT NOT NULL,
  rollback TEXT NOT NULL,
  root TEXT NOT NULL,
  host TEXT NOT NULL,
  running_release TEXT NOT NULL,
  new_release TEXT,
  risk TEXT NOT NULL CHECK (risk IN ('low', 'medium', 'high')),
  steps INTEGER NOT NULL CHECK (steps >= 0),
  asker_uid INTEGER NOT NULL,
  actor_uid INTEGER NOT NULL,
  created_sequence INTEGER NOT NULL,
  created_wall_ms INTEGER NOT NULL,
  created_boot_id TEXT NOT NULL,
  created_boot_ms INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN (
    'planned', 'running', 'waiting', 'succeeded', 'failed', 'rolling-back', 'rolled-back',
    'rollback-failed', 'abandoned')),
  wait_reason TEXT CHECK (wait_reason IN ('approval', 'reboot', 'trial', 'resources', 'person')),
  why TEXT,
  digest TEXT NOT NULL CHECK (length(digest) = 64),
  control TEXT CHECK (control IN ('pause', 'cancel', 'resume', 'rollback', 'abandon')),
  unapproved INTEGER NOT NULL CHECK (unapproved BETWEEN 0 AND steps),
  done INTEGER NOT NULL CHECK (done BETWEEN 0 AND steps),
  updated_wall_ms INTEGER NOT NULL,
  updated_boot_id TEXT NOT NULL,
  updated_boot_ms INTEGER NOT NULL,
  newest INTEGER NOT NULL CHECK (newest >= created_sequence),
  CHECK ((state = 'waiting') = (wait_reason IS NOT NULL))
) STRICT;

CREATE INDEX plan_by_recipe ON plan (recipe);
CREATE INDEX plan_by_time ON plan (created_wall_ms);
CREATE INDEX plan_by_state ON plan (state);

CREATE TRIGGER plan_starts_planned BEFORE INSERT ON plan WHEN NEW.state <> 'planned'
BEGIN SELECT RAISE(ABORT, 'a plan begins as planned'); END;

CREATE TRIGGER plan_machine BEFORE UPDATE OF state, wait_reason ON plan
WHEN (NEW.state IS NOT OLD.state OR NEW.wait_reason IS NOT OLD.wait_reason)
  AND (OLD.state || ' > ' || NEW.state NOT IN (
    'planned > running', 'planned > abandoned',
    'running > waiting', 'running > succeeded', 'running > failed',
    'waiting > running', 'waiting > rolling-back', 'waiting > abandoned',
    'succeeded > rolling-back',
    'failed > running', 'failed > rolling-back', 'failed > abandoned',
    'rolling-back > rolled-back', 'rolling-back > rollback-failed', 'rolling-back > waiting',
    'rollback-failed > rolling-back')
    OR (OLD.state = 'rolling-back' AND NEW.wait_reason IS NOT NULL
      AND NEW.wait_reason <> 'person'))
BEGIN SELECT RAISE(ABORT, 'the machine of plans has no such transition'); END;

CREATE TABLE step (
  plan INTEGER NOT NULL REFERENCES plan (id),
  id TEXT NOT NULL CHECK (id <> ''),
  position INTEGER NOT NULL CHECK (position >= 0),
  label TEXT NOT NULL,
  action TEXT NOT NULL,
  risk TEXT NOT NULL CHECK (risk IN ('low', 'medium', 'high')),
  needs_root INTEGER NOT NULL CHECK (needs_root IN (0, 1)),
  state TEXT NOT NULL CHECK (state IN (
    'pending', 'approved', 'started', 'succeeded', 'failed', 'interrupted', 'skipped', 'stale',
    'undoing', 'undone', 'undo-failed')),
  digest TEXT NOT NULL CHECK (length(digest) = 64),
  approved_digest TEXT CHECK (length(approved_digest) = 64),
  attempts INTEGER NOT NULL CHECK (attempts >= 0),
  boot_id TEXT NOT NULL,
  why TEXT,
  ending TEXT,
  millis INTEGER,
  output_bytes INTEGER,
  output_kept INTEGER,
  PRIMARY KEY (plan, id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER step_starts_pending BEFORE INSERT ON step WHEN NEW.state <> 'pending'
BEGIN SELECT RAISE(ABORT, 'a step begins as pending'); END;

CREATE TRIGGER step_machine BEFORE UPDATE OF state ON step
WHEN NEW.state IS NOT OLD.state AND OLD.state || ' > ' || NEW.state NOT IN (
  'pending > approved', 'pending > undoing',
  'approved > pending', 'approved > skipped', 'approved > started', 'approved > succeeded',
  'approved > undoing',
  'started > succeeded', 'started > failed', 'started > interrupted',
  'succeeded > stale', 'succeeded > undoing',
  'failed > approved', 'failed > undoing',
  'interrupted > approved', 'interrupted > started', 'interrupted > succeeded',
  'interrupted > undoing',
  'skipped > stale',
  'stale > approved', 'stale > started', 'stale > succeeded', 'stale > skipped',
  'stale > undoing',
  'undoing > undone', 'undoing > undo-failed',
  'undo-failed > undoing')
BEGIN SELECT RAISE(ABORT, 'the machine of steps has no such transition'); END;

-- Nothing happens unapproved.
CREATE TRIGGER step_start_needs_approval BEFORE UPDATE OF state ON step
WHEN NEW.state = 'started' AND OLD.state <> 'started' AND NEW.approved_digest IS NOT NEW.digest
BEGIN SELECT RAISE(ABORT, 'a step starts only with an approval for its digest'); END;

CREATE TABLE approval (
  sequence INTEGER PRIMARY KEY,
  plan INTEGER NOT NULL,
  step TEXT NOT NULL,
  digest TEXT NOT NULL CHECK (length(digest) = 64),
  given TEXT NOT NULL,
  actor_uid INTEGER NOT NULL,
  wall_ms INTEGER NOT NULL
) STRICT;

CREATE INDEX approval_of_plan ON approval (plan);

CREATE TABLE attempt (
  plan INTEGER NOT NULL,
  step TEXT NOT NULL,
  attempt INTEGER NOT NULL CHECK (attempt >= 1),
  undo INTEGER NOT NULL CHECK (undo IN (0, 1)),
  started_sequence INTEGER NOT NULL,
  started_wall_ms INTEGER NOT NULL,
  boot_id TEXT NOT NULL,
  started_boot_ms INTEGER NOT NULL,
  ended_sequence INTEGER,
  ended_wall_ms INTEGER,
  outcome TEXT CHECK (outcome IN (
    'succeed', 'fail', 'interrupt', 'prove', 'finish-undo', 'fail-undo')),
  ending TEXT,
  millis INTEGER,
  PRIMARY KEY (plan, step, attempt),
  CHECK ((outcome IS NULL) = (ended_sequence IS NULL))
) STRICT, WITHOUT ROWID;

CREATE TABLE backup (
  sequence INTEGER PRIMARY KEY,
  plan INTEGER NOT NULL,
  step TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  path TEXT NOT NULL,
  before TEXT NOT NULL,
  digest TEXT CHECK (length(digest) = 64),
  size INTEGER
) STRICT;

CREATE INDEX backup_of_plan ON backup (plan);
CREATE INDEX backup_by_path ON backup (path);
CREATE INDEX backup_by_digest ON backup (digest);

CREATE TABLE file_change (
  sequence INTEGER PRIMARY KEY,
  plan INTEGER NOT NULL,
  step TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  path TEXT NOT NULL,
  after TEXT NOT NULL,
  digest TEXT CHECK (length(digest) = 64)
) STRICT;

CREATE INDEX file_change_of_plan ON file_change (plan);
CREATE INDEX file_change_by_path ON file_change (path);

-- The newest of each step; all of them are events.
CREATE TABLE checkpoint (
  plan INTEGER NOT NULL,
  step TEXT NOT NULL,
  sequence INTEGER NOT NULL,
  attempt INTEGER NOT NULL,
  done INTEGER NOT NULL,
  expected INTEGER,
  basis TEXT NOT NULL,
  millis INTEGER NOT NULL,
  output_bytes INTEGER NOT NULL,
  wall_ms INTEGER NOT NULL,
  PRIMARY KEY (plan, step)
) STRICT, WITHOUT ROWID;

-- What a plan is about, for the filters of history.
CREATE TABLE plan_subject (
  plan INTEGER NOT NULL REFERENCES plan (id),
  kind TEXT NOT NULL CHECK (kind IN ('module', 'option', 'kernel')),
  value TEXT NOT NULL,
  PRIMARY KEY (plan, kind, value)
) STRICT, WITHOUT ROWID;

CREATE INDEX plan_by_subject ON plan_subject (kind, value, plan);

-- What steps printed: zlib, in order. `position` counts the bytes before the chunk.
CREATE TABLE output (
  id INTEGER PRIMARY KEY,
  plan INTEGER NOT NULL,
  step TEXT NOT NULL,
  attempt INTEGER NOT NULL,
  position INTEGER NOT NULL CHECK (position >= 0),
  raw INTEGER NOT NULL CHECK (raw > 0),
  data BLOB NOT NULL
) STRICT;

CREATE UNIQUE INDEX output_in_order ON output (plan, step, attempt, position);

-- Bytes by their SHA-256. `digest` is set last: a blob without one was never finished.
CREATE TABLE blob (
  id INTEGER PRIMARY KEY,
  digest TEXT UNIQUE CHECK (length(digest) = 64),
  size INTEGER NOT NULL CHECK (size >= 0)
) STRICT;

CREATE TABLE blob_chunk (
  id INTEGER PRIMARY KEY,
  blob INTEGER NOT NULL REFERENCES blob (id) ON DELETE CASCADE,
  position INTEGER NOT NULL CHECK (position >= 0),
  raw INTEGER NOT NULL CHECK (raw BETWEEN 1 AND 262144),
  data BLOB NOT NULL
) STRICT;

CREATE UNIQUE INDEX blob_chunk_in_order ON blob_chunk (blob, position);
