//! What every command starts from: the reader's language, the repository, the day, the person at work.
//!
//! The clock is read here and nowhere else. `SOURCE_DATE_EPOCH` (as everywhere in reproducible builds)
//! and `--today` set it, so that the same input can give the same bytes.

use std::env;
use std::path::{Path, PathBuf};

use chrono::{DateTime, FixedOffset, Local, NaiveDate, NaiveTime, TimeZone, Timelike, Utc};
use clap::ArgMatches;

use archive_core::text;
use archive_core::text::Text;
use archive_store::{Change, Repository};

use crate::error::CommandError;
use crate::ui::Ui;

/// What every command starts from.
#[derive(Debug)]
pub(crate) struct Context {
    /// The terminal.
    pub(crate) ui: Ui,
    /// `-R`, if given.
    pub(crate) repository: Option<PathBuf>,
    /// The moment the command runs.
    pub(crate) now: DateTime<FixedOffset>,
    /// Who is at work, for the audit chain.
    pub(crate) operator: String,
}

impl Context {
    /// From the options all commands share.
    pub(crate) fn new(ui: Ui, matches: &ArgMatches) -> Result<Self, CommandError> {
        Ok(Self {
            ui,
            repository: matches.get_one::<PathBuf>("repository").cloned(),
            now: now(matches.get_one::<NaiveDate>("today").copied())?,
            operator: matches.get_one::<String>("operator").cloned().unwrap_or_else(system_user),
        })
    }

    /// The same, at work on another repository, and silent: for a command that runs others.
    pub(crate) fn at(&self, repository: &Path) -> Self {
        Self {
            ui: self.ui.silent(),
            repository: Some(repository.to_owned()),
            now: self.now,
            operator: self.operator.clone(),
        }
    }

    /// The day the command runs.
    pub(crate) fn today(&self) -> NaiveDate {
        self.now.date_naive()
    }

    /// Makes a change true, unless `--dry-run` asked only to see what would come of it.
    pub(crate) fn finish(&self, change: Change<'_>, matches: &ArgMatches) -> Result<(), CommandError> {
        for said in change.recovered() {
            self.ui.note(said);
        }
        if !matches.get_flag("dry-run") {
            change.commit()?;
        }
        Ok(())
    }

    /// Says, after `--dry-run`, that nothing was changed.
    pub(crate) fn said_if_dry(&self, matches: &ArgMatches) {
        if matches.get_flag("dry-run") {
            self.ui.tell(&Text::fixed("（试运行：没有作任何改动）", "(a dry run: nothing was changed)"));
        }
    }

    /// The repository the command works on.
    pub(crate) fn open(&self) -> Result<Repository, CommandError> {
        let repository = match &self.repository {
            Some(dir) => Repository::open(dir)?,
            None => Repository::open(&Repository::find(Path::new("."))?)?,
        };
        for said in repository.recovered() {
            self.ui.note(said);
        }
        Ok(repository)
    }
}

/// The moment: of the clock, unless a day or `SOURCE_DATE_EPOCH` stands for it.
pub(crate) fn now(today: Option<NaiveDate>) -> Result<DateTime<FixedOffset>, CommandError> {
    if let Some(day) = today {
        return Ok(day.and_time(NaiveTime::MIN).and_utc().fixed_offset());
    }
    let Some(epoch) = env::var_os("SOURCE_DATE_EPOCH") else { return Ok(to_the_second(Local::now())) };
    epoch
        .to_str()
        .and_then(|seconds| seconds.parse().ok())
        .and_then(|seconds| Utc.timestamp_opt(seconds, 0).single())
        .map(|moment| moment.fixed_offset())
        .ok_or_else(|| {
            let epoch = epoch.display();
            CommandError::usage(
                text!(
                    "SOURCE_DATE_EPOCH 不是秒数：{epoch}",
                    "SOURCE_DATE_EPOCH is no number of seconds: {epoch}"
                ),
                Text::fixed("请改为自 1970 年起的秒数，或取消该变量", "give seconds since 1970, or unset it"),
            )
        })
}

/// Parts of a second tell nobody anything.
fn to_the_second(moment: DateTime<Local>) -> DateTime<FixedOffset> {
    moment.with_nanosecond(0).unwrap_or(moment).fixed_offset()
}

fn system_user() -> String {
    ["ARCHIVE_OPERATOR", "USER", "USERNAME", "LOGNAME"]
        .iter()
        .find_map(|name| env::var(name).ok().filter(|value| !value.is_empty()))
        .unwrap_or_else(|| "archive".to_owned())
}
