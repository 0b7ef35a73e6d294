//! How each line of the books stands, what is missing, and the archiving rate (归档率).
//!
//! The rate is what is in the archive, of what should be: registered papers without those that are excused
//! (returned, destroyed, of no value, cancelled), to go back, registered twice, or classified and kept apart (S1). What is only
//! likely doesn't count until a person has confirmed it.

use std::collections::{BTreeMap, HashMap};

use super::disposition::DispositionKind;
use super::matching::{self, Match, Verdict};
use super::{BookEntry, Direction, EntryId};
use crate::model::{Item, ItemId};
use crate::text::Text;

/// How a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// In the archive, for sure or as a person confirmed.
    Archived,
    /// Likely in the archive: a person should look.
    Likely,
    /// Neither in the archive nor excused.
    Missing(Absence),
    /// Not in the archive, for a recorded reason.
    Excused(DispositionKind),
    /// To go back to a superior, and not gone yet: A7 asks for it.
    ToReturn,
    /// Registered once more: another line has the paper.
    Repeated(EntryId),
    /// Classified, and kept apart by its own rules.
    Apart,
}

/// What the book says of a missing paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Absence {
    /// Nothing.
    Unexplained,
    /// That it was archived.
    SaidArchived,
    /// That somebody still has it.
    Circulating,
}

impl Absence {
    /// What is said of it.
    pub const fn text(self) -> Text {
        match self {
            Self::Unexplained => Text::fixed("没有去向", "no reason recorded"),
            Self::SaidArchived => Text::fixed("簿上记已归档", "the book says archived"),
            Self::Circulating => Text::fixed("尚在传阅", "still circulating"),
        }
    }
}

impl Standing {
    /// The word for programs.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Archived => "archived",
            Self::Likely => "likely",
            Self::Missing(_) => "missing",
            Self::Excused(_) => "excused",
            Self::ToReturn => "to-return",
            Self::Repeated(_) => "repeated",
            Self::Apart => "apart",
        }
    }

    /// The word for people.
    pub const fn word(self) -> Text {
        match self {
            Self::Archived => Text::fixed("已归档", "archived"),
            Self::Likely => Text::fixed("待确认", "to confirm"),
            Self::Missing(_) => Text::fixed("缺", "missing"),
            Self::Excused(kind) => kind.text(),
            Self::ToReturn => Text::fixed("待清退", "to go back"),
            Self::Repeated(_) => Text::fixed("重复登记", "registered twice"),
            Self::Apart => Text::fixed("涉密另存", "kept apart"),
        }
    }
}

/// A line with how it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct Line<'a> {
    /// The line.
    pub entry: &'a BookEntry,
    /// How it stands.
    pub standing: Standing,
    /// The item it was matched with.
    pub found: Option<Match>,
}

impl Line<'_> {
    /// The item, if there is one.
    pub fn item(&self) -> Option<ItemId> {
        self.found.as_ref().map(|found| found.item)
    }
}

/// The books held against the archive.
#[derive(Debug, Clone, PartialEq)]
pub struct Account<'a> {
    /// Every line, in the order of the books.
    pub lines: Vec<Line<'a>>,
}

impl<'a> Account<'a> {
    /// Holds the books against the archive.
    pub fn of(entries: &'a [BookEntry], items: &[Item], verdicts: &[Verdict]) -> Self {
        let matching = matching::find(entries, items, verdicts);
        let mut found: HashMap<EntryId, Match> =
            matching.matches.into_iter().map(|one| (one.entry, one)).collect();
        let repeats: HashMap<EntryId, EntryId> = matching.repeats.into_iter().collect();
        let mut lines: Vec<Line<'a>> = entries
            .iter()
            .map(|entry| {
                let found = found.remove(&entry.id);
                let standing = standing(entry, found.as_ref(), repeats.get(&entry.id).copied());
                Line { entry, standing, found }
            })
            .collect();
        lines.sort_by(|one, other| {
            (&one.entry.label, one.entry.id).cmp(&(&other.entry.label, other.entry.id))
        });
        Self { lines }
    }

    /// The lines of one year, or all.
    #[must_use]
    pub fn of_year(mut self, year: Option<i32>) -> Self {
        self.lines.retain(|line| year.is_none_or(|year| line.entry.year() == year));
        self
    }

    /// The lines that are missing.
    pub fn missing(&self) -> impl Iterator<Item = &Line<'a>> {
        self.lines.iter().filter(|line| matches!(line.standing, Standing::Missing(_)))
    }

    /// The lines a person should look at.
    pub fn likely(&self) -> impl Iterator<Item = &Line<'a>> {
        self.lines.iter().filter(|line| line.standing == Standing::Likely)
    }

    /// The rate in all.
    pub fn rate(&self) -> Rate {
        Rate::of(self.lines.iter())
    }

    /// The rate of each year, book and section (none where the book names none), in that order.
    pub fn rates(&self) -> BTreeMap<(i32, Direction, Option<&'a str>), Rate> {
        let mut rates: BTreeMap<(i32, Direction, Option<&'a str>), Rate> = BTreeMap::new();
        for line in &self.lines {
            let entry = line.entry;
            let key = (entry.year(), entry.direction(), entry.section.as_deref());
            rates.entry(key).or_default().count(line.standing);
        }
        rates
    }
}

fn standing(entry: &BookEntry, found: Option<&Match>, repeats: Option<EntryId>) -> Standing {
    match (found, entry.excuse(), repeats) {
        (Some(found), _, _) if found.is_sure() => Standing::Archived,
        // A recorded reason is worth more than a likeness.
        (_, Some(excuse), _) => Standing::Excused(excuse.kind),
        (Some(_), None, _) => Standing::Likely,
        (None, None, Some(first)) => Standing::Repeated(first),
        (None, None, None) if entry.must_return => Standing::ToReturn,
        (None, None, None) if !entry.is_open() => Standing::Apart,
        (None, None, None) => {
            Standing::Missing(match entry.disposition.as_ref().map(|disposition| disposition.kind) {
                Some(DispositionKind::Archived) => Absence::SaidArchived,
                Some(DispositionKind::Circulating) => Absence::Circulating,
                _ => Absence::Unexplained,
            })
        }
    }
}

/// How much of what was registered is in the archive.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Rate {
    /// Lines.
    pub registered: usize,
    /// In the archive.
    pub archived: usize,
    /// Likely in the archive.
    pub likely: usize,
    /// Missing.
    pub missing: usize,
    /// Excused.
    pub excused: usize,
    /// To go back to a superior.
    pub to_return: usize,
    /// Registered once more.
    pub repeated: usize,
    /// Classified, and kept apart.
    pub apart: usize,
}

impl Rate {
    /// Counts lines.
    pub fn of<'l, 'a: 'l>(lines: impl Iterator<Item = &'l Line<'a>>) -> Self {
        let mut rate = Self::default();
        lines.for_each(|line| rate.count(line.standing));
        rate
    }

    fn count(&mut self, standing: Standing) {
        self.registered += 1;
        *match standing {
            Standing::Archived => &mut self.archived,
            Standing::Likely => &mut self.likely,
            Standing::Missing(_) => &mut self.missing,
            Standing::Excused(_) => &mut self.excused,
            Standing::ToReturn => &mut self.to_return,
            Standing::Repeated(_) => &mut self.repeated,
            Standing::Apart => &mut self.apart,
        } += 1;
    }

    /// Adds another count.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self {
            registered: self.registered + other.registered,
            archived: self.archived + other.archived,
            likely: self.likely + other.likely,
            missing: self.missing + other.missing,
            excused: self.excused + other.excused,
            to_return: self.to_return + other.to_return,
            repeated: self.repeated + other.repeated,
            apart: self.apart + other.apart,
        }
    }

    /// 应归档: what should be in the archive.
    pub const fn due(self) -> usize {
        self.archived + self.likely + self.missing
    }

    /// 归档率, in tenths of a per cent, rounded down: only a full archive is at 1000. None where nothing is due.
    pub const fn permille(self) -> Option<usize> {
        (self.archived * 1000).checked_div(self.due())
    }

    /// 归档率 as people write it: 97.5%; a dash where nothing is due.
    pub fn percent(self) -> String {
        self.permille().map_or_else(|| "—".to_owned(), |rate| format!("{}.{}%", rate / 10, rate % 10))
    }
}
