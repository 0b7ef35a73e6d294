//! The house as a running program holds it: the repository, what was laid out of it, who is signed in.

use std::collections::BTreeSet;
use std::fmt;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use archive_core::access::Asker;
use archive_core::finding::Finding;
use archive_core::model::ItemId;
use archive_core::people::Role;
use archive_core::profile::Profile;
use archive_core::text::{Lang, Text};
use archive_index::search::{Index, IndexError};
use archive_store::{Change, KeptRecord, Repository};
use chrono::{DateTime, FixedOffset};

use crate::backroom::Backroom;
use crate::failure::Failure;
use crate::kept::Kept;
use crate::limits::Limit;
use crate::pictures::Pictures;
use crate::sessions::{Sessions, Worker};
use crate::shelves::Shelves;
use crate::staff::board::Made;
use crate::staff::opening::AllWaiting;
use crate::undo::Undo;
use crate::version::Version;
use crate::visit::Visit;

/// What a site is made of.
pub struct Settings {
    /// The folder of the repository.
    pub root: PathBuf,
    /// By which rules.
    pub profile: Profile,
    /// The language of who doesn't say.
    pub lang: Lang,
    /// What the command does for the pages.
    pub backroom: Box<dyn Backroom>,
    /// The clock.
    pub clock: Box<dyn Fn() -> DateTime<FixedOffset> + Send + Sync>,
    /// Told of defects, for who runs the server.
    pub log: Box<dyn Fn(&Text) + Send + Sync>,
    /// Whether a proxy stands before it, which speaks TLS and says who asks.
    pub behind_proxy: bool,
    /// Whether this server speaks TLS itself.
    pub speaks_tls: bool,
}

impl Settings {
    /// Whether what is sent can be read by nobody on its way: then cookies aren't sent otherwise.
    pub(crate) const fn is_secure(&self) -> bool {
        self.behind_proxy || self.speaks_tls
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings").field("root", &self.root).finish_non_exhaustive()
    }
}

/// So many readings of the repository are kept open.
const KEPT_OPEN: usize = 32;

/// The house.
#[derive(Debug)]
pub struct Site {
    pub(crate) settings: Settings,
    /// Whose archive it is.
    pub(crate) house: String,
    pub(crate) sessions: Sessions,
    pub(crate) pictures: Pictures,
    pub(crate) undo: Undo,
    /// Signing in, by name: locked out for a while after so many wrong passwords.
    pub(crate) by_name: Limit,
    /// Signing in, by address.
    pub(crate) by_address: Limit,
    /// Requests of readers, by address and how they can be reached.
    pub(crate) asking: Limit,
    /// The same, by address alone.
    pub(crate) asking_from: Limit,
    /// The code by which the first account is made, while there is none.
    pub(crate) first_code: Mutex<Option<String>>,
    /// One change at a time: a second waits, instead of being told that somebody is at work.
    writing: Mutex<()>,
    open: Mutex<Vec<Repository>>,
    /// What anyone may see, laid out.
    public: Kept<Shelves>,
    /// What those may see who work here.
    inner: Kept<Shelves>,
    /// What waits for a review of its opening.
    pub(crate) waiting: Kept<AllWaiting>,
    /// Every record with the day it falls due.
    pub(crate) kept_records: Kept<Vec<KeptRecord>>,
    /// What the rules say.
    pub(crate) findings: Kept<Vec<Finding>>,
    /// The arrangement of the own fonds as a plan.
    pub(crate) board: Kept<Made>,
    index: Mutex<Option<(SystemTime, Arc<Index>)>>,
}

impl Site {
    /// Opens the house.
    ///
    /// # Errors
    ///
    /// When the repository can't be opened.
    pub fn new(settings: Settings) -> Result<Arc<Self>, archive_store::StoreError> {
        let repository = Repository::open(&settings.root)?;
        let house = repository.settings().institution.name.clone();
        let first = repository.accounts()?.values().all(|account| account.password.is_none());
        // Without random numbers there is no code, and nobody makes a first account.
        let first_code = if first { crate::accounts::code().ok() } else { None };
        Ok(Arc::new(Self {
            settings,
            house,
            sessions: Sessions::default(),
            pictures: Pictures::default(),
            undo: Undo::default(),
            by_name: Limit::new(5, Duration::from_mins(15)),
            by_address: Limit::new(100, Duration::from_mins(10)),
            asking: Limit::new(10, Duration::from_mins(10)),
            asking_from: Limit::new(300, Duration::from_mins(10)),
            first_code: Mutex::new(first_code),
            writing: Mutex::new(()),
            open: Mutex::new(vec![repository]),
            public: Kept::default(),
            inner: Kept::default(),
            waiting: Kept::default(),
            kept_records: Kept::default(),
            findings: Kept::default(),
            board: Kept::default(),
            index: Mutex::default(),
        }))
    }

    /// Lays out beforehand what the first to come would wait for. What can't be is said to them.
    pub(crate) fn warm(&self) {
        for asker in [Asker::Public, Asker::Staff] {
            let _ = self.shelves(asker);
        }
    }

    /// The one-time code by which the first account is made, while nobody can sign in yet: to be shown where the server
    /// was started, and nowhere else.
    pub fn first_code(&self) -> Option<String> {
        self.first_code.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Looks something up in the repository.
    pub(crate) fn read<T>(&self, look: impl FnOnce(&Repository) -> Result<T, Failure>) -> Result<T, Failure> {
        let kept = self.open.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let repository = match kept {
            Some(repository) => repository,
            None => Repository::open(&self.settings.root)?,
        };
        let found = look(&repository);
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.len() < KEPT_OPEN {
            open.push(repository);
        }
        found
    }

    /// Changes something in the name of who is signed in: all of it, or nothing. `seen` is the version of what the
    /// form speaks of, as it is now: if the form was made of another, somebody else was quicker, and nothing is done.
    pub(crate) fn change<T>(
        &self,
        visit: &Visit,
        seen: impl FnOnce(&Repository) -> Result<Version, Failure>,
        change: impl FnOnce(&Change<'_>) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let worker = visit.worker()?;
        let _alone = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        self.read(|repository| {
            // From here on nobody else writes, not even by the command.
            let begun = repository.begin(&worker.name, "serve", visit.now)?;
            if !seen(repository)?.is(visit.field("version")) {
                return Err(Failure::Outdated);
            }
            let done = change(&begun)?;
            begun.commit()?;
            Ok(done)
        })
    }

    /// The same for what the command does, in the name of who is signed in.
    pub(crate) fn by_the_command<T>(
        &self,
        visit: &Visit,
        seen: impl FnOnce(&Repository) -> Result<Version, Failure>,
        work: impl FnOnce(&dyn Backroom, &str) -> Result<T, Text>,
    ) -> Result<T, Failure> {
        let worker = visit.worker()?;
        let _alone = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        if !self.read(seen)?.is(visit.field("version")) {
            return Err(Failure::Outdated);
        }
        work(self.settings.backroom.as_ref(), &worker.name).map_err(Failure::refused)
    }

    /// Has the index brought up to date with these records, in the name of who is signed in. Nobody writes meanwhile.
    pub(crate) fn refresh_index(&self, visit: &Visit, items: &[ItemId]) -> Result<(), Failure> {
        let worker = visit.worker()?;
        let _alone = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        self.settings.backroom.refresh_index(&worker.name, items).map_err(Failure::Broken)
    }

    /// The same for what is written by who isn't signed in.
    pub(crate) fn write_alone<T>(
        &self,
        write: impl FnOnce(&Repository) -> Result<T, Failure>,
    ) -> Result<T, Failure> {
        let _alone = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        self.read(write)
    }

    /// What an asker may see, as it is now.
    pub(crate) fn shelves(&self, asker: Asker) -> Result<Arc<Shelves>, Failure> {
        /// What the shelves are made of: a loan, a request or a reading changes nothing of them.
        const TABLES: [&str; 6] = ["fonds", "item", "arrangement", "volume", "entry", "destroyed_item"];
        self.read(|repository| {
            let kept = if asker == Asker::Staff { &self.inner } else { &self.public };
            kept.mend(repository.state_of(&TABLES)?, |former| {
                Ok(Shelves::now(former, repository, &self.settings.profile, asker)?)
            })
        })
    }

    /// The index, if there is one that can be used.
    pub(crate) fn index(&self) -> Result<Option<Arc<Index>>, Failure> {
        let folder = self.settings.root.join("index");
        // Made anew, it has a new note; the old one's files are gone.
        let Ok(made) = std::fs::metadata(folder.join("settings.json")).and_then(|note| note.modified())
        else {
            return Ok(None);
        };
        let mut kept = self.index.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, index)) = kept.as_ref()
            && *of == made
        {
            return Ok(Some(Arc::clone(index)));
        }
        match Index::open(&folder) {
            Ok(index) => {
                let index = Arc::new(index);
                *kept = Some((made, Arc::clone(&index)));
                Ok(Some(index))
            }
            Err(IndexError::Missing(_) | IndexError::NeedsRebuild { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// Who a session's cookie belongs to, if they are still at work.
    pub(crate) fn worker(&self, cookie: &str) -> Result<Option<Worker>, Failure> {
        let Some((name, token)) = self.sessions.find(cookie) else { return Ok(None) };
        let roles = self.read(|repository| {
            let people = repository.people()?;
            Ok(match people.named(&name) {
                _ if !people.is_kept() => Some(BTreeSet::from(Role::ALL)),
                Some(person) if person.is_present() => Some(person.roles.clone()),
                _ => None,
            })
        })?;
        let Some(roles) = roles else {
            self.sessions.end_all_of(&name);
            return Ok(None);
        };
        Ok(Some(Worker { name, roles, token }))
    }
}
