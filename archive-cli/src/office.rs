//! A repository at work: its settings, its rules, and the year in hand.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use archive_core::arrange::Decisions;
use archive_core::model::{Arrangement, Institution, Item};
use archive_core::number::{TakenNumber, TakenNumbers};
use archive_core::profile::Profile;
use archive_core::text;
use archive_core::text::Text;
use archive_store::{ItemFilter, Repository};

use crate::error::{CommandError, Kind};

/// A repository with the rules its institution works by.
#[derive(Debug)]
pub(crate) struct Office {
    /// The repository.
    pub(crate) repository: Repository,
    /// The institution's rules.
    pub(crate) profile: Profile,
}

impl Office {
    /// A repository with its rules: those of a built-in profile, or of a file beside it.
    pub(crate) fn new(repository: Repository) -> Result<Self, CommandError> {
        let profile = profile(&repository.settings().profile, repository.root())?;
        Ok(Self { repository, profile })
    }

    /// Whose records these are.
    pub(crate) fn institution(&self) -> &Institution {
        &self.repository.settings().institution
    }

    /// Every item of the institution's own fonds.
    pub(crate) fn items(&self) -> Result<Vec<Item>, CommandError> {
        let own = ItemFilter { fonds: Some(self.institution().fonds.clone()), ..ItemFilter::default() };
        Ok(self.repository.items(&own)?)
    }

    /// The arrangements there are, of all years or of one.
    pub(crate) fn arrangements(&self, year: Option<i32>) -> Result<BTreeMap<i32, Arrangement>, CommandError> {
        let fonds = &self.institution().fonds;
        let mut arrangements = BTreeMap::new();
        for one in self.repository.years(fonds)? {
            if year.is_none_or(|year| year == one)
                && let Some(arrangement) = self.repository.arrangement(fonds, one)?
            {
                arrangements.insert(one, arrangement);
            }
        }
        Ok(arrangements)
    }

    /// The arrangements there are; an error that says what to do if there is none.
    pub(crate) fn arranged(&self, year: Option<i32>) -> Result<BTreeMap<i32, Arrangement>, CommandError> {
        let arrangements = self.arrangements(year)?;
        if arrangements.values().all(|arrangement| arrangement.volumes.is_empty()) {
            let message = match year {
                Some(year) => text!("{year} 年度还没有立卷", "the year {year} isn't arranged yet"),
                None => Text::fixed("还没有立卷", "nothing is arranged yet"),
            };
            let help = Text::fixed("先运行 archive arrange", "run archive arrange first");
            return Err(CommandError::usage(message, help));
        }
        Ok(arrangements)
    }

    /// The volume numbers that are in use or were given: all, or only those that were handed over (K4).
    pub(crate) fn numbers(&self, handed_over_only: bool) -> Result<TakenNumbers, CommandError> {
        let taken = self.repository.taken_numbers(&self.institution().fonds)?.into_iter();
        let numbers = taken
            .filter(|one| one.handed_over || !handed_over_only)
            .map(|one| TakenNumber { catalogue_no: one.catalogue_no, volume_no: one.volume_no })
            .collect();
        Ok(TakenNumbers { numbers })
    }

    /// What a person decided about the fonds' arrangement.
    pub(crate) fn decisions(&self) -> Result<Decisions, CommandError> {
        Ok(self.repository.decisions(&self.institution().fonds)?.unwrap_or_default())
    }
}

/// The rules named in the settings: a built-in profile, or a file (a relative path starts at `base`).
pub(crate) fn profile(name: &str, base: &Path) -> Result<Profile, CommandError> {
    let path = base.join(name);
    if Path::new(name).extension().is_none_or(|extension| extension != "toml") {
        return Ok(Profile::built_in(name)?);
    }
    let text = fs::read_to_string(&path).map_err(|error| CommandError::io(&path, &error))?;
    Profile::load(&text).map_err(|error| {
        let CommandError { message: Text { zh, en }, help, .. } = error.into();
        let path = path.display();
        CommandError::new(Kind::Input, text!("{path}：{zh}", "{path}: {en}"), help)
    })
}
