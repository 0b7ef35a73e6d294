//! Records of a year, or of several in one book, as the forms see them: arranged, numbered, described.

use std::collections::BTreeMap;

use archive_core::finding::{Finding, Severity};
use archive_core::model::{Arrangement, Entry, Institution, Item, ItemId, RetentionPeriod, Side, Volume};
use archive_core::number::item_code;
use archive_core::profile::{Binding, DateStyle, Profile};
use archive_core::reading::{DateReading, ItemDate, RecordDate};
use chrono::{Datelike as _, NaiveDate};

use crate::forms::handover::HandOver;
use crate::layout::printable;

/// What the forms of a year are made from.
#[derive(Debug, Clone)]
pub struct Book<'a> {
    /// Whose records they are.
    pub institution: &'a Institution,
    /// The rules they follow.
    pub profile: &'a Profile,
    /// The year, or the years of one book, in order (F2: a year or several).
    pub years: Vec<i32>,
    /// The volumes, in the order they stand.
    pub volumes: Vec<&'a Volume>,
    /// What checks saw; warnings are printed in the note of the volume they speak of.
    pub findings: &'a [Finding],
    /// The day the forms are printed on.
    pub printed_on: NaiveDate,
    /// What is known of its hand-over, for the papers both sides sign.
    pub handover: HandOver,
    /// The volumes that were destroyed, by code, with the list they were destroyed by: their line says so.
    pub destroyed: BTreeMap<String, String>,
    /// Whether its volumes are of several catalogues, each with numbers of its own.
    has_several_catalogues: bool,
    /// Warnings of the checks, by the code or the title of the volume they speak of.
    warnings: BTreeMap<&'a str, Vec<&'a Finding>>,
    items: BTreeMap<ItemId, &'a Item>,
}

impl<'a> Book<'a> {
    /// The volumes of `year` in an arrangement, and the items they hold.
    pub fn new(
        institution: &'a Institution,
        profile: &'a Profile,
        year: i32,
        arrangement: &'a Arrangement,
        items: &'a [Item],
        printed_on: NaiveDate,
    ) -> Self {
        Self::of_years(institution, profile, vec![year], arrangement, items, printed_on)
    }

    /// The volumes of several years in one arrangement, and the items they hold.
    pub fn of_years(
        institution: &'a Institution,
        profile: &'a Profile,
        mut years: Vec<i32>,
        arrangement: &'a Arrangement,
        items: &'a [Item],
        printed_on: NaiveDate,
    ) -> Self {
        years.sort_unstable();
        years.dedup();
        let volumes: Vec<&Volume> =
            arrangement.volumes.iter().filter(|volume| years.contains(&volume.year)).collect();
        let catalogue = |volume: &&'a Volume| volume.number.as_ref().map(|number| &number.catalogue_no);
        let first = volumes.first().and_then(catalogue);
        Self {
            institution,
            profile,
            has_several_catalogues: volumes.iter().any(|volume| catalogue(volume) != first),
            volumes,
            years,
            findings: &arrangement.findings,
            warnings: by_volume(&arrangement.findings),
            printed_on,
            handover: HandOver::default(),
            destroyed: BTreeMap::new(),
            items: items.iter().map(|item| (item.id, item)).collect(),
        }
    }

    /// The same, with the volumes that were destroyed.
    #[must_use]
    pub fn with_destroyed(mut self, destroyed: BTreeMap<String, String>) -> Self {
        self.destroyed = destroyed;
        self
    }

    /// The same with other findings than those of the arrangement.
    #[must_use]
    pub fn with_findings(mut self, findings: &'a [Finding]) -> Self {
        self.findings = findings;
        self.warnings = by_volume(findings);
        self
    }

    /// The same with what is known of its hand-over.
    #[must_use]
    pub fn with_handover(mut self, handover: HandOver) -> Self {
        self.handover = handover;
        self
    }

    /// The year as printed: `2004`, or `2003—2005`.
    pub fn year(&self) -> String {
        match (self.years.first(), self.years.last()) {
            (Some(first), Some(last)) if first != last => format!("{first}—{last}"),
            (Some(only), _) => only.to_string(),
            _ => String::new(),
        }
    }

    /// The number of a volume in this book: with its catalogue's where the book has several.
    pub fn volume_no(&self, volume: &Volume) -> String {
        if self.has_several_catalogues {
            format!("{}-{}", catalogue_no(volume), volume_no(volume))
        } else {
            volume_no(volume)
        }
    }

    /// Every entry of the book with its volume, in order.
    pub fn entries(&self) -> impl Iterator<Item = (&'a Volume, &'a Entry)> + '_ {
        self.volumes.iter().flat_map(|volume| volume.entries.iter().map(move |entry| (*volume, entry)))
    }

    /// The item of an entry, if it is described.
    pub fn item(&self, entry: &Entry) -> Option<&'a Item> {
        self.items.get(&entry.item).copied()
    }

    /// The periods that occur, the longest first.
    pub fn periods(&self) -> Vec<RetentionPeriod> {
        let mut periods: Vec<RetentionPeriod> = self.volumes.iter().map(|volume| volume.period).collect();
        periods.sort_unstable();
        periods.dedup();
        periods
    }

    /// The volumes of one period, in order.
    pub fn of_period(&self, period: RetentionPeriod) -> Vec<&'a Volume> {
        self.volumes.iter().copied().filter(|volume| volume.period == period).collect()
    }

    /// What is said of a volume at warning level, each once.
    pub fn warnings(&self, volume: &Volume) -> Vec<&'a Finding> {
        let code = volume.number.as_ref().map(|number| number.code.as_str());
        let title = Some(volume.title.as_str()).filter(|title| code != Some(*title));
        let mut warnings: Vec<&Finding> = Vec::new();
        for finding in
            [code, title].into_iter().flatten().filter_map(|name| self.warnings.get(name)).flatten()
        {
            if !warnings.iter().any(|known| known.message == finding.message) {
                warnings.push(finding);
            }
        }
        warnings
    }

    /// How many pages an entry has: as numbered, or as the register says.
    pub fn entry_pages(&self, entry: &Entry) -> Option<u32> {
        match entry.pages {
            Some((first, last)) => Some(last.saturating_sub(first) + 1),
            None => self.item(entry).and_then(|item| item.pages),
        }
    }

    /// How many pages a volume has.
    pub fn pages(&self, volume: &Volume) -> u32 {
        let last = volume.entries.iter().filter_map(|entry| entry.pages).map(|pages| pages.1).max();
        match (self.profile.volumes.binding, last) {
            (Binding::Whole, Some(last)) => last,
            _ => volume.entries.iter().filter_map(|entry| self.entry_pages(entry)).sum(),
        }
    }

    /// The first and the last date in a volume (起止日期).
    pub fn span(&self, volume: &Volume) -> Option<(RecordDate, RecordDate)> {
        let dates = || {
            volume.entries.iter().filter_map(|entry| self.item(entry)).flat_map(|item| {
                match item.date.reading {
                    DateReading::On(date) => vec![date],
                    DateReading::Span(first, last) => vec![first, last],
                    _ => Vec::new(),
                }
            })
        };
        // A bare year says less than any day in it, so it counts only where there is nothing better.
        let exact = || dates().filter(|date| !matches!(date, RecordDate::Year(_)));
        match (exact().min(), exact().max()) {
            (Some(first), Some(last)) => Some((first, last)),
            _ => Some((dates().min()?, dates().max()?)),
        }
    }

    /// The code of an item (档号); empty before it has one.
    pub fn item_code(&self, volume: &Volume, entry: &Entry) -> String {
        item_code(volume, entry, self.institution, self.profile).unwrap_or_default()
    }

    /// A date as the forms write it.
    pub fn date(&self, date: RecordDate) -> String {
        let day = date.first_day();
        let (year, month, day) = (day.year(), day.month(), day.day());
        match (self.profile.forms.dates, date) {
            (_, RecordDate::Year(_)) => format!("{year}"),
            (DateStyle::Comma, RecordDate::Month(_)) => format!("{year}、{month}"),
            (DateStyle::Comma, RecordDate::Day(_)) => format!("{year}、{month}、{day}"),
            (DateStyle::Dots, RecordDate::Month(_)) => format!("{year}.{month}"),
            (DateStyle::Dots, RecordDate::Day(_)) => format!("{year}.{month}.{day}"),
            (DateStyle::Iso, RecordDate::Month(_)) => format!("{year}-{month:02}"),
            (DateStyle::Iso, RecordDate::Day(_)) => format!("{year}-{month:02}-{day:02}"),
            (DateStyle::Digits, RecordDate::Month(_)) => format!("{year}{month:02}00"),
            (DateStyle::Digits, RecordDate::Day(_)) => format!("{year}{month:02}{day:02}"),
        }
    }

    /// What stands in an item's date cell, as the forms write it; what isn't understood as it stands.
    pub fn item_date(&self, date: &ItemDate) -> String {
        match date.reading {
            DateReading::On(date) => self.date(date),
            DateReading::Span(first, last) => format!("{}—{}", self.date(first), self.date(last)),
            DateReading::Missing => String::new(),
            DateReading::Unknown | DateReading::Unreadable => printable(&date.original),
        }
    }
}

fn by_volume(findings: &[Finding]) -> BTreeMap<&str, Vec<&Finding>> {
    let mut of_volumes: BTreeMap<&str, Vec<&Finding>> = BTreeMap::new();
    for finding in findings.iter().filter(|finding| finding.severity == Severity::Warning) {
        if let Some(volume) = &finding.place.volume {
            of_volumes.entry(volume).or_default().push(finding);
        }
    }
    of_volumes
}

/// The number of a volume in its catalogue; empty before it has one.
pub fn volume_no(volume: &Volume) -> String {
    volume.number.as_ref().map_or_else(String::new, |number| number.volume_no.to_string())
}

/// The number of its catalogue; empty before it has one.
pub fn catalogue_no(volume: &Volume) -> String {
    volume.number.as_ref().map_or_else(String::new, |number| number.catalogue_no.clone())
}

/// Its code; its title before it has one.
pub fn name_of(volume: &Volume) -> &str {
    volume.number.as_ref().map_or(&volume.title, |number| &number.code)
}

/// The first-level class of a volume (类目名称): party or government, and its section.
pub fn class_of(volume: &Volume) -> String {
    let side = match volume.side {
        Side::Party => "党务",
        Side::Government => "政务",
    };
    match &volume.section {
        Some(section) => format!("{side}·{section}"),
        None => side.to_owned(),
    }
}
