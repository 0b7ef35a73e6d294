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
    /// Whose records are at work, where they are not the repository's own.
    received: Option<Institution>,
}

impl Office {
    /// A repository with its rules: those of a built-in profile, or of a file beside it.
    pub(crate) fn new(repository: Repository) -> Result<Self, CommandError> {
        let profile = profile(&repository.settings().profile, repository.root())?;
        Ok(Self { repository, profile, received: None })
    }

    /// The same repository at work on a fonds that was received, by the rules its records came with.
    pub(crate) fn at_fonds(self, code: &str) -> Result<Self, CommandError> {
        if code == self.institution().fonds {
            return Ok(self);
        }
        let fonds = self.repository.all_fonds()?;
        let Some(received) = fonds.iter().find(|one| one.fonds == code).cloned() else {
            let known = fonds.iter().map(|one| one.fonds.as_str()).collect::<Vec<_>>().join("、");
            return Err(CommandError::usage(
                text!("档案库里没有全宗 {code}", "the repository has no fonds {code}"),
                text!("有这些全宗：{known}", "there are: {known}"),
            ));
        };
        let packages = self.repository.received_packages()?;
        // The rules of the last package that says any; a program older than them goes by its own.
        let profile = packages
            .into_iter()
            .rev()
            .filter(|package| package.fonds == code)
            .find_map(|mut package| serde_json::from_value(package.evidence["profile"].take()).ok())
            .unwrap_or_else(|| self.profile.clone());
        Ok(Self { received: Some(received), profile, ..self })
    }

    /// Whose records these are.
    pub(crate) fn institution(&self) -> &Institution {
        self.received.as_ref().unwrap_or(&self.repository.settings().institution)
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
