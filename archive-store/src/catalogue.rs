//! `catalogue.db`: opening it, and bringing it to the present version.
//!
//! SQLite was chosen because it outlives the program: any SQLite shell reads it, and `schema/` says what
//! each column means. Versions are numbered with `user_version`; each step is one file of `schema/`, run
//! in one transaction, so an upgrade that is interrupted has not happened. A step adds tables and columns
//! that may be empty; one that changed rows would have to make their seals anew ([`crate::seal`]).

use std::path::Path;
use std::time::Duration;

use archive_core::text;
use archive_core::text::Text;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use crate::error::{Result, StoreError};
use crate::repository::CATALOGUE;
use crate::safe_file;
use crate::seal;

/// Every step, oldest first, with the version it leads to (`user_version`).
const MIGRATIONS: &[(i64, &str)] = &[
    (1, include_str!("schema/001.sql")),
    (2, include_str!("schema/002.sql")),
    (3, include_str!("schema/003.sql")),
    (4, include_str!("schema/004.sql")),
    (5, include_str!("schema/005.sql")),
];

/// Marks the file as ours: "arcv".
const APPLICATION: i32 = 0x6172_6376;

/// The newest version this program knows.
const KNOWN: i64 = MIGRATIONS[MIGRATIONS.len() - 1].0;

/// Who may have a catalogue open besides a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sharing {
    /// Other connections, here and in other programs: the system's locks keep them apart.
    Many,
    /// Nobody: it lies in a folder that isn't finished, is a copy that is only read, or this program alone works on this
    /// drive. Then no locks are asked for, and a drive that refuses them will do.
    One,
}

/// SQLite's way to files that asks for no locks.
const UNLOCKED: &str = if cfg!(windows) { "win32-none" } else { "unix-none" };

/// How long a reader waits for a checkpoint before it is told that the repository is busy.
const PATIENCE: Duration = Duration::from_secs(10);

/// Makes a new catalogue in `root`.
pub(crate) fn create(root: &Path) -> Result<Connection> {
    create_at(&root.join(CATALOGUE), KNOWN)
}

/// Makes a new catalogue of some version of the schema.
pub(crate) fn create_at(path: &Path, upto: i64) -> Result<Connection> {
    if upto > KNOWN {
        return Err(StoreError::NewerVersion { path: path.to_path_buf(), found: upto, known: KNOWN });
    }
    // Made here, for SQLite would let others read it; what it writes beside it has the rights of the file itself.
    drop(safe_file::open_new(path).map_err(StoreError::at(path))?);
    let mut connection = connect(path, Sharing::One)?;
    connection.pragma_update(None, "application_id", APPLICATION)?;
    keep_by_wal(&connection)?;
    set_up(&connection)?;
    migrate_to(&mut connection, upto)?;
    Ok(connection)
}

/// Readers and a writer at once: kept in the file, for good.
pub(crate) fn keep_by_wal(connection: &Connection) -> Result<()> {
    Ok(connection.pragma_update(None, "journal_mode", "WAL")?)
}

/// Every step of the schema, in order: what each column is.
pub(crate) fn schema() -> String {
    MIGRATIONS.iter().map(|(_, step)| *step).collect::<Vec<_>>().join("\n")
}

/// Takes off the triggers that guard tables, in the transaction at hand, and gives the words that put them back.
pub(crate) fn take_off_guards(connection: &Connection) -> Result<String> {
    let mut statement =
        connection.prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' ORDER BY rowid")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let guards: Vec<(String, String)> = rows.collect::<rusqlite::Result<_>>()?;
    let mut back = String::new();
    for (name, sql) in guards {
        connection.execute_batch(&format!("DROP TRIGGER \"{name}\""))?;
        back.push_str(&sql);
        back.push_str(";\n");
    }
    Ok(back)
}

/// Whether the drive that `root` lies on gives the locks that keep connections apart: SQLite itself is asked, for there is more
/// than one kind. The caller makes sure that nobody has a lock.
pub(crate) fn has_locks(root: &Path) -> bool {
    let tried = connect(&root.join(CATALOGUE), Sharing::Many).and_then(|connection| {
        connection.busy_timeout(Duration::ZERO)?;
        connection.pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0))
    });
    // Anything else that is wrong with it is told when it is opened to be read.
    !matches!(tried, Err(error) if is_locking(&error) || is_busy(&error))
}

/// Whether the system refused a lock, or the memory that connections share.
pub(crate) fn is_locking(error: &rusqlite::Error) -> bool {
    use rusqlite::ffi;
    error.sqlite_error().is_some_and(|error| {
        [
            ffi::SQLITE_PERM,
            ffi::SQLITE_IOERR_LOCK,
            ffi::SQLITE_IOERR_RDLOCK,
            ffi::SQLITE_IOERR_UNLOCK,
            ffi::SQLITE_IOERR_CHECKRESERVEDLOCK,
            ffi::SQLITE_IOERR_SHMLOCK,
            ffi::SQLITE_IOERR_SHMMAP,
        ]
        .contains(&error.extended_code)
    })
}

/// SQLite takes one way of refusing (`ENOLCK`) for somebody else's lock.
fn is_busy(error: &rusqlite::Error) -> bool {
    error.sqlite_error_code() == Some(rusqlite::ErrorCode::DatabaseBusy)
}

/// Opens a database that is there.
fn connect(path: &Path, sharing: Sharing) -> rusqlite::Result<Connection> {
    // Other databases may be named by what SQLite calls a URI: see [`unlocked_name`].
    let flags =
        OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    match sharing {
        Sharing::Many => Connection::open_with_flags(path, flags),
        Sharing::One => {
            let connection = Connection::open_with_flags_and_vfs(path, flags, UNLOCKED)?;
            // Then what connections would share is kept in memory of its own.
            connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
            Ok(connection)
        }
    }
}

/// A file's name for `VACUUM INTO`, so that no locks are asked for: nobody else knows the file.
pub(crate) fn unlocked_name(path: &Path) -> String {
    let mut name = String::from("file:");
    let path = path.to_string_lossy();
    if cfg!(windows) {
        name.push_str("///");
    }
    for letter in path.chars() {
        match letter {
            '%' => name.push_str("%25"),
            '?' => name.push_str("%3f"),
            '#' => name.push_str("%23"),
            '\\' if cfg!(windows) => name.push('/'),
            _ => name.push(letter),
        }
    }
    name.push_str("?nolock=1");
    name
}

/// Opens the catalogue of the repository in `root`, as it is; a newer one is refused.
pub(crate) fn open(root: &Path, sharing: Sharing) -> Result<Connection> {
    let path = root.join(CATALOGUE);
    open_file(&path, sharing).map_err(|error| match error {
        StoreError::Database { source } if is_locking(&source) => StoreError::NoLocks { path },
        other => other,
    })
}

/// Opens a catalogue that may lie elsewhere.
pub(crate) fn open_file(path: &Path, sharing: Sharing) -> Result<Connection> {
    let damaged = |reason| StoreError::Damaged { path: path.to_path_buf(), reason };
    if !path.is_file() {
        return Err(damaged(Text::fixed("文件不在", "it isn't there")));
    }
    let connection = connect(path, sharing)?;
    // Whether somebody has a lock or the drive refuses them is found out before waiting for it.
    connection.busy_timeout(Duration::ZERO)?;
    let found = version(&connection).or_else(|error| match error {
        StoreError::Busy { .. } if path.parent().is_some_and(crate::lock::are_refused) => {
            Err(StoreError::NoLocks { path: path.to_path_buf() })
        }
        StoreError::Busy { .. } => {
            connection.busy_timeout(PATIENCE)?;
            version(&connection)
        }
        other => Err(other),
    })?;
    if found > KNOWN {
        return Err(StoreError::NewerVersion { path: path.to_path_buf(), found, known: KNOWN });
    }
    let application: i32 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    if application != APPLICATION {
        return Err(damaged(Text::fixed("它不是档案库的目录数据库", "it is no catalogue of a repository")));
    }
    set_up(&connection)?;
    Ok(connection)
}

/// Whether steps are left to take.
pub(crate) fn is_old(connection: &Connection) -> Result<bool> {
    Ok(version(connection)? < KNOWN)
}

/// Takes the steps that are left. The caller holds the write lock.
pub(crate) fn migrate(connection: &mut Connection) -> Result<()> {
    migrate_to(connection, KNOWN)
}

fn migrate_to(connection: &mut Connection, upto: i64) -> Result<()> {
    for &(version, step) in MIGRATIONS {
        if version > self::version(connection)? && version <= upto {
            let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
            transaction.execute_batch(step)?;
            transaction.pragma_update(None, "user_version", version)?;
            transaction.commit()?;
        }
    }
    Ok(())
}

/// The version of the schema a catalogue has.
pub(crate) fn version(connection: &Connection) -> Result<i64> {
    Ok(connection.pragma_query_value(None, "user_version", |row| row.get(0))?)
}

/// What every connection needs: the rest is kept in the file.
fn set_up(connection: &Connection) -> Result<()> {
    connection.busy_timeout(PATIENCE)?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    // What is deleted is overwritten, not left in free pages.
    connection.pragma_update(None, "secure_delete", true)?;
    // A row that another replaces is a row taken away: the seals' triggers must see it go.
    connection.pragma_update(None, "recursive_triggers", true)?;
    // Damage is met where it is read, not carried on.
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.set_prepared_statement_cache_capacity(64);
    seal::set_up(connection)
}

/// What the database's own check of its pages and indexes has to say, if anything.
pub(crate) fn own_check(connection: &Connection) -> Result<Vec<Text>> {
    let mut statement = connection.prepare("PRAGMA integrity_check")?;
    let said = statement.query_map([], |row| row.get::<_, String>(0))?;
    let mut problems = Vec::new();
    for line in said {
        let line = line?;
        if line != "ok" {
            problems.push(text!("数据库自检：{line}", "the database's own check: {line}"));
        }
    }
    Ok(problems)
}

/// Writes everything into the database file and empties its log: what was deleted must not live on there. A
/// reader at work may keep a part of the log from being emptied; then the next change does it.
pub(crate) fn empty_log(connection: &Connection) -> Result<()> {
    connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    Ok(())
}
