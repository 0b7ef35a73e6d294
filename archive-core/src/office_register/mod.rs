//! The office's registers of incoming and outgoing papers (收文登记簿, 发文登记簿).
//!
//! Every paper that comes in or goes out gets a line in one of two books the day it does: its number, date,
//! body, title, who handles it, and in the end what became of it. A year later the records office asks of each
//! line: is it in the archive, or does the book say why not (A4)? Which section filed how much of what it
//! handled? What did a superior want back, and has it gone back (A7)? Which number or issue is in neither (A3)?
//!
//! The book and the archive's own register are kept by two people, so the two never say quite the same: a slip in
//! a number, an author left off a title, 关于…的 dropped, the day of receipt for the day of signing. So lines
//! are [matched](mod@matching) approximately, each with a confidence and the [`Ground`]s it rests on; what isn't
//! sure is shown to a person, whose [`Verdict`] stands.
//!
//! - [`disposition`]: what became of a paper, as people write it
//! - `face`, `compare`: what two descriptions of a paper have in common
//! - [`matching`]: the best pairs among many, one to one
//! - [`account`]: how each line stands, the missing ones, the archiving rate (归档率)
//! - [`sequence`]: numbers and issues that are missing
//! - [`clearing`]: what goes back to a superior, and by when (清退)
//!
//! A classified paper's line holds what S1 allows: its numbers, dates, level, section and what became of it.

pub mod account;
pub mod clearing;
mod compare;
pub mod disposition;
mod face;
pub mod matching;
pub mod sequence;

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use crate::model::{Origin, Secrecy, SecrecyLevel};
use crate::reading::{DocNumber, ItemDate};
use crate::text::Text;

pub use account::{Absence, Account, Line, Rate, Standing};
pub use clearing::{Clearing, Return, ReturnState};
pub use compare::{Ground, LIKELY, SURE};
pub use disposition::{Disposition, DispositionKind};
pub use matching::{Match, Matching, Verdict};

/// Which of the two books.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Direction {
    /// 收文登记簿: what came in.
    #[serde(rename = "收文")]
    Incoming,
    /// 发文登记簿: what went out.
    #[serde(rename = "发文")]
    Outgoing,
}

impl Direction {
    /// Both, as they stand in an office.
    pub const ALL: [Self; 2] = [Self::Incoming, Self::Outgoing];

    /// The word as on paper.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Incoming => "收文",
            Self::Outgoing => "发文",
        }
    }

    /// The word for programs: `in`, `out`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Incoming => "in",
            Self::Outgoing => "out",
        }
    }

    /// The book in both languages.
    pub const fn book(self) -> Text {
        match self {
            Self::Incoming => Text::fixed("收文登记簿", "register of incoming papers"),
            Self::Outgoing => Text::fixed("发文登记簿", "register of outgoing papers"),
        }
    }
}

impl FromStr for Direction {
    type Err = ();

    /// Reads `in`, `out`, and what the books are called.
    fn from_str(written: &str) -> Result<Self, ()> {
        match written.trim().trim_end_matches("登记簿") {
            "in" | "incoming" | "收" | "收文" => Ok(Self::Incoming),
            "out" | "outgoing" | "发" | "发文" => Ok(Self::Outgoing),
            _ => Err(()),
        }
    }
}

/// Tells lines apart inside one repository or one run; it says nothing about order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct EntryId(pub u64);

/// What a person calls a line: the book, its year, the number in it.
///
/// ```
/// use archive_core::office_register::EntryLabel;
/// let label: EntryLabel = "收2004-15".parse().unwrap();
/// assert_eq!(label, "in-2004-15".parse().unwrap());
/// assert_eq!(label.to_string(), "收2004-15");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct EntryLabel {
    /// Which book.
    pub direction: Direction,
    /// Of which year.
    pub year: i32,
    /// The number in it.
    pub register_no: String,
}

impl EntryLabel {
    /// The number as a number, where it is one: 2 comes before 10.
    fn key(&self) -> (i32, Direction, u64, &str) {
        let digits: String = self.register_no.chars().filter(char::is_ascii_digit).collect();
        (self.year, self.direction, digits.parse().unwrap_or(0), &self.register_no)
    }
}

impl Ord for EntryLabel {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl PartialOrd for EntryLabel {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// 收2004-15.
impl fmt::Display for EntryLabel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let book = match self.direction {
            Direction::Incoming => "收",
            Direction::Outgoing => "发",
        };
        write!(f, "{book}{}-{}", self.year, self.register_no)
    }
}

impl FromStr for EntryLabel {
    type Err = ();

    /// Reads 收2004-15, 收文2004-15, in-2004-15.
    fn from_str(written: &str) -> Result<Self, ()> {
        let written = written.trim();
        let split = written.find(|c: char| c.is_ascii_digit()).ok_or(())?;
        let (book, rest) = written.split_at(split);
        let direction = book.trim_end_matches('-').parse()?;
        let (year, register_no) = rest.split_once('-').ok_or(())?;
        if register_no.is_empty() {
            return Err(());
        }
        Ok(Self { direction, year: year.parse().map_err(|_| ())?, register_no: register_no.to_owned() })
    }
}

/// A line of a register of incoming or outgoing papers.
///
/// Of a classified paper, title, bodies, addressees and remarks are empty (S1).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BookEntry {
    /// Tells it apart from the others.
    pub id: EntryId,
    /// Book, year and number (收文号, 发文登记号).
    pub label: EntryLabel,
    /// Where it was read.
    pub origin: Origin,
    /// 收文日期, 发文日期: the day it came in or went out.
    pub registered: ItemDate,
    /// 文号.
    pub number: Option<DocNumber>,
    /// 来文机关: who issued it; in the outgoing register often left out.
    pub bodies: Vec<String>,
    /// 题名; empty if none is written or the paper is classified.
    pub title: String,
    /// 成文日期, where the book has it beside the day of receipt.
    pub date: ItemDate,
    /// 主送, 发往.
    pub addressees: Vec<String>,
    /// 份数.
    pub copies: Option<u32>,
    /// 份号: the numbers of the copies, by which a superior counts them back in.
    pub copy_no: Option<String>,
    /// 密级, 保密期限.
    pub secrecy: Secrecy,
    /// 承办科室: the section that handled it and files it.
    pub section: Option<String>,
    /// 应清退: a superior wants it back (A7).
    pub must_return: bool,
    /// 去向: what became of it.
    pub disposition: Option<Disposition>,
    /// 备注.
    pub remarks: Option<String>,
}

impl BookEntry {
    /// A line with nothing but its label: the start for readers and tests.
    pub fn new(id: EntryId, direction: Direction, year: i32, register_no: impl Into<String>) -> Self {
        Self {
            id,
            label: EntryLabel { direction, year, register_no: register_no.into() },
            origin: Origin::default(),
            registered: ItemDate::default(),
            number: None,
            bodies: Vec::new(),
            title: String::new(),
            date: ItemDate::default(),
            addressees: Vec::new(),
            copies: None,
            copy_no: None,
            secrecy: Secrecy::default(),
            section: None,
            must_return: false,
            disposition: None,
            remarks: None,
        }
    }

    /// Which book it stands in.
    pub const fn direction(&self) -> Direction {
        self.label.direction
    }

    /// The year of the book.
    pub const fn year(&self) -> i32 {
        self.label.year
    }

    /// Whether its title may be spoken of (S1).
    pub fn is_open(&self) -> bool {
        self.secrecy.level == SecrecyLevel::None
    }

    /// What a person recognises it by: number and title, or what may be said of a classified one.
    pub fn described(&self) -> String {
        if !self.is_open() {
            return format!("{}件", self.secrecy.level.word());
        }
        let number = self.number.as_ref().map(ToString::to_string).unwrap_or_default();
        match (number.is_empty(), self.title.is_empty()) {
            (_, true) => number,
            (true, false) => format!("《{}》", self.title),
            (false, false) => format!("{number}《{}》", self.title),
        }
    }

    /// What became of it, if that excuses it from the archive.
    pub fn excuse(&self) -> Option<&Disposition> {
        self.disposition.as_ref().filter(|disposition| disposition.kind.excuses())
    }

    /// The day it went back, if it did.
    pub fn returned(&self) -> Option<Option<NaiveDate>> {
        let disposition = self.disposition.as_ref()?;
        (disposition.kind == DispositionKind::Returned).then_some(disposition.on)
    }
}

/// Everything that is known of an office's registers of papers in and out.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Books {
    /// The lines of both books, of any years.
    pub entries: Vec<BookEntry>,
    /// What people said of proposed pairs.
    pub verdicts: Vec<Verdict>,
    /// The clearings that were held (清退).
    pub clearings: Vec<Clearing>,
}

impl Books {
    /// No books: what a check starts from that knows of none.
    pub const NONE: Self = Self { entries: Vec::new(), verdicts: Vec::new(), clearings: Vec::new() };
}
